import NIOCore
package import Platform

/// A request as a handler sees it.
package struct MediaRequest: Sendable {
    /// `options` and `other` only where the handler takes all methods.
    package enum Method: Hashable, Sendable { case get, head, options, other }

    package let method: Method
    /// The target's path as it was sent: not decoded, not normalised, without the query.
    package let path: String
    package let requestID: RequestID
    /// The client's address and port, such as `192.0.2.1:50000`.
    package let peerAddress: String
    /// The client's address, as the connection or its PROXY protocol header has it.
    package let peer: IPAddress
    /// It came over TLS.
    package let isSecure: Bool

    /// The head's bytes, shared with the connection.
    let bytes: ByteBuffer
    let head: RequestHead

    init(
        head: RequestHead,
        bytes: ByteBuffer,
        path: String,
        requestID: RequestID,
        peerAddress: String,
        peer: IPAddress,
        isSecure: Bool = false
    ) {
        self.method =
            switch head.method {
            case .get: .get
            case .head: .head
            case .options: .options
            case .other: .other
            }
        self.head = head
        self.bytes = bytes
        self.requestID = requestID
        self.peerAddress = peerAddress
        self.peer = peer
        self.isSecure = isSecure
        self.path = path
    }

    /// Whether the player tells of itself in fields. CTA-5004
    package var hasCMCD: Bool { head.hasCMCD }

    /// What follows the target's `?`, as it was sent.
    package var query: String? {
        head.query.isPresent ? bytes.text(head.query) : nil
    }

    /// A field's value; those of several lines joined by commas, as RFC 9110 §5.3 has it.
    package func header(_ name: String) -> String? {
        bytes.header(name, in: head)
    }
}

extension ByteBuffer {
    /// A run of a head's bytes as text; bytes that are no UTF-8 are repaired.
    func text(_ span: FieldSpan) -> String {
        getString(at: readerIndex + Int(span.offset), length: Int(span.count)) ?? ""
    }

    /// Looks a field up in a scanned head, line by line.
    func header(_ name: String, in head: RequestHead) -> String? {
        let bytes = readableBytesUInt8Span
        var values: [String] = []
        var index = head.fields.bytes.lowerBound
        while index < head.fields.bytes.upperBound {
            let nameStart = index
            while bytes[index] != ASCII.colon { index += 1 }
            let isMatch = ASCII.equals(bytes, nameStart..<index, name)
            let valueStart = index + 1
            while bytes[index] != ASCII.lineFeed { index += 1 }
            if isMatch {
                let value = ASCII.trimmed(bytes, valueStart..<index - 1)
                values.append(text(FieldSpan(value)))
            }
            index += 1
        }
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The value of a field that the scanner noted; looked up again only where it came in several
    /// lines.
    func value(_ span: FieldSpan, _ name: String, in head: RequestHead) -> String? {
        switch span.occurrences {
        case 0: nil
        case 1: text(span)
        default: header(name, in: head)
        }
    }
}
