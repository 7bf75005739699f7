import NIOCore

/// What of a request's body is still to come, and how it is framed. RFC 9112 §6
struct RequestBody {
    private enum State: Hashable {
        case sized(remaining: UInt64)
        case chunked
        /// After a switch of protocols.
        case raw
        case ended
    }

    private var state: State

    init(_ size: UpstreamRequest.BodySize) {
        state =
            switch size {
            case .none: .ended
            case .sized(let sizeBytes): .sized(remaining: sizeBytes)
            case .unknown: .chunked
            }
    }

    var isEnded: Bool { state == .ended }

    mutating func switchProtocols() {
        state = .raw
    }

    /// Bytes as they go on the wire, in order; nothing where they do not fit what was announced.
    func framed(_ bytes: ByteBuffer) -> [ByteBuffer]? {
        switch state {
        case .ended: return nil
        case .raw: return [bytes]
        case .sized(let remaining):
            return UInt64(bytes.readableBytes) <= remaining ? [bytes] : nil
        case .chunked:
            // An empty chunk would be the end.
            guard bytes.readableBytes > 0 else { return [] }
            let size = String(bytes.readableBytes, radix: 16)
            return [ByteBuffer(string: size + "\r\n"), bytes, ByteBuffer(string: "\r\n")]
        }
    }

    mutating func sent(_ sizeBytes: Int) {
        guard case .sized(let remaining) = state else { return }
        state = .sized(remaining: remaining - UInt64(sizeBytes))
    }

    /// Ends it.
    ///
    /// - Returns: what is still to be written; nothing where the body is shorter than announced.
    mutating func end() -> ByteBuffer? {
        defer { state = .ended }
        return switch state {
        case .sized(let remaining): remaining == 0 ? ByteBuffer() : nil
        case .chunked: ByteBuffer(string: "0\r\n\r\n")
        case .raw, .ended: ByteBuffer()
        }
    }
}
