import NIOCore

/// What is still to be read of a request's body.
enum RequestBody: Hashable, Sendable {
    case sized(UInt64)
    case chunked(ChunkedBody)

    init(_ head: RequestHead, limits: MediaLimits) {
        self =
            head.isChunked
            ? .chunked(ChunkedBody(limits: limits)) : .sized(head.contentLengthBytes)
    }

    /// Takes the next bytes of the body out of what has arrived.
    mutating func next(_ input: inout ByteBuffer) throws(RequestFault) -> ChunkedBody.Event {
        switch self {
        case .sized(let remainingBytes):
            guard remainingBytes > 0 else { return .end }
            let count = Int(min(remainingBytes, UInt64(input.readableBytes)))
            guard count > 0, let bytes = input.readSlice(length: count) else { return .needsMore }
            self = .sized(remainingBytes - UInt64(count))
            return .bytes(bytes)
        case .chunked(var body):
            defer { self = .chunked(body) }
            return try body.next(&input)
        }
    }
}
