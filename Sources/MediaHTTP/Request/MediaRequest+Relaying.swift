import NIOCore

/// What a relay needs of a request beyond what an answer needs.
extension MediaRequest {
    /// The request's body, as its head declares it.
    package enum BodySize: Hashable, Sendable {
        case none
        case sized(UInt64)
        case unknown
    }

    /// The method as it was sent.
    package var methodText: String { bytes.text(head.methodText) }

    /// The target in origin form, or `*`, as it was sent. RFC 9112 §3.2
    package var target: String {
        if head.isWholeServer { return "*" }
        guard let query else { return path }
        return path + "?" + query
    }

    /// The authority that the request is for; nothing from clients that name none.
    package var host: String? {
        head.host.isPresent ? bytes.text(head.host) : nil
    }

    package var bodySize: BodySize {
        if head.isChunked { return .unknown }
        return hasContentLength ? .sized(head.contentLengthBytes) : .none
    }

    /// The protocols that the client would switch to: `Upgrade`, over HTTP/1.1 and where
    /// `Connection` names it. RFC 9110 §7.8
    package var upgrade: String? {
        guard head.asksToUpgrade, head.version == .http11, !head.hasBody else { return nil }
        return bytes.value(head.upgrade, "upgrade", in: head)
    }

    /// Every field line in order, the name as it was sent.
    package func forEachField(_ body: (_ name: String, _ value: String) -> Void) {
        let all = bytes.readableBytesUInt8Span
        var index = head.fields.bytes.lowerBound
        while index < head.fields.bytes.upperBound {
            let nameStart = index
            while all[index] != ASCII.colon { index += 1 }
            let name = nameStart..<index
            let valueStart = index + 1
            while all[index] != ASCII.lineFeed { index += 1 }
            let value = ASCII.trimmed(all, valueStart..<index - 1)
            body(bytes.text(FieldSpan(name)), bytes.text(FieldSpan(value)))
            index += 1
        }
    }

    private var hasContentLength: Bool {
        head.contentLengthBytes > 0 || header("content-length") != nil
    }
}
