import NIOCore

/// Heads of relayed answers: the origin's fields in their order, and only what is the lane's beside
/// them.
///
/// Neither the fields for players on other pages nor any other is added, since who may use an API
/// is for the API to say.
extension HeadWriter {
    func write(
        _ head: RelayHead,
        framedAs output: RelayedExchange.Output,
        requestID: RequestID,
        persistence: Persistence,
        to buffer: inout ByteBuffer
    ) {
        Self.writeStatus(head.status, to: &buffer)
        if !Self.has("date", in: head.fields) { buffer.writeField("Date: ", dateText) }
        Self.writeFields(head.fields, without: Self.ownFields, to: &buffer)
        switch output {
        case .sized(let sizeBytes): Self.writeContentLength(sizeBytes, to: &buffer)
        case .chunked: buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        case .headOnly:
            // HEAD tells the size that GET would have; 204 and 304 have none. RFC 9110 §8.6
            if case .sized(let sizeBytes) = head.bodySize, head.status != 204, head.status != 304 {
                Self.writeContentLength(sizeBytes, to: &buffer)
            }
        case .nothing, .untilClose, .switched, .switchedAndEnded: break
        }
        switch persistence {
        case .implied: break
        case .keepAlive: buffer.writeStaticString("Connection: keep-alive\r\n")
        case .close: buffer.writeStaticString("Connection: close\r\n")
        }
        Self.writeEnd(requestID, to: &buffer)
    }

    func writeSwitch(
        fields: [(String, String)],
        requestID: RequestID,
        to buffer: inout ByteBuffer
    ) {
        Self.writeStatus(101, to: &buffer)
        if !Self.has("date", in: fields) { buffer.writeField("Date: ", dateText) }
        Self.writeFields(fields, without: Self.ownFields.subtracting(["upgrade"]), to: &buffer)
        buffer.writeStaticString("Connection: Upgrade\r\n")
        Self.writeEnd(requestID, to: &buffer)
    }

    /// An interim answer says nothing of who answers or when. RFC 9110 §15.2
    func writeInterim(status: Int, fields: [(String, String)], to buffer: inout ByteBuffer) {
        Self.writeStatus(status, to: &buffer)
        Self.writeFields(fields, without: Self.ownFields, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    // MARK: - Parts

    /// Fields that the lane writes itself, or that are about another connection. RFC 9110 §7.6.1
    private static let ownFields: Set<String> = [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "x-request-id",
    ]

    private static func writeStatus(_ status: Int, to buffer: inout ByteBuffer) {
        if let line = StatusLine.known(status) { return _ = buffer.writeStaticString(line) }
        // The reason may be empty, but not the space before it. RFC 9112 §4
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(min(max(status, 100), 999)))
        buffer.writeStaticString(" \r\n")
    }

    private static func writeFields(
        _ fields: [(String, String)],
        without own: Set<String>,
        to buffer: inout ByteBuffer
    ) {
        for (name, value) in fields where !name.isEmpty && name.utf8.allSatisfy(ASCII.isToken) {
            guard !own.contains(name.lowercased()) else { continue }
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeFieldValue(value)
            buffer.writeStaticString("\r\n")
        }
    }

    private static func writeContentLength(_ sizeBytes: UInt64, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("Content-Length: ")
        buffer.writeString(String(sizeBytes))
        buffer.writeStaticString("\r\n")
    }

    private static func writeEnd(_ requestID: RequestID, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("X-Request-Id: ")
        requestID.write(to: &buffer)
        buffer.writeStaticString("\r\n\r\n")
    }

    private static func has(_ name: String, in fields: [(String, String)]) -> Bool {
        fields.contains { $0.0.lowercased() == name }
    }
}
