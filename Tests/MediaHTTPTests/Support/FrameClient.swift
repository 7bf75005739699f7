import NIOCore

/// A client of HTTP/2 that sends any frames it is told to, over plain TCP.
final class FrameClient {
    struct Frame {
        var kind: UInt8
        var flags: UInt8
        var streamID: UInt32
        var payload: [UInt8]

        var isEnd: Bool { flags & FrameClient.endStream != 0 }
        /// The first four bytes: an error, an increment.
        var word: UInt32 { payload.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
        /// The error of a GOAWAY.
        var errorCode: UInt32 { payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
    }

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let windowUpdate: UInt8 = 8
    static let continuation: UInt8 = 9
    static let priorityUpdate: UInt8 = 16
    static let endStream: UInt8 = 1
    static let endHeaders: UInt8 = 4

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    /// Of an address that any server takes.
    static let target = [
        (":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "/"),
    ]

    let client: RawClient

    private init(_ client: RawClient) {
        self.client = client
    }

    /// Connects, and says its settings.
    static func connect(
        to address: SocketAddress,
        settings: [(UInt16, UInt32)] = []
    ) async throws -> FrameClient {
        let client = FrameClient(try await RawClient.connect(to: address))
        let payload = settings.flatMap { bytes($0.0) + bytes($0.1) }
        try await client.client.send(preface + frame(Self.settings, 0, 0, payload))
        return client
    }

    static func frame(
        _ kind: UInt8,
        _ flags: UInt8,
        _ streamID: UInt32,
        _ payload: [UInt8]
    ) -> [UInt8] {
        bytes(UInt32(payload.count) << 8 | UInt32(kind)) + [flags] + bytes(streamID) + payload
    }

    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeInteger(value)
        return Array(buffer.readableBytesView)
    }

    /// A field block of literals that enter no table. RFC 7541 §6.2.2
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0.0) + string($0.1) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            length.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }

    func send(
        _ kind: UInt8,
        _ flags: UInt8 = 0,
        _ streamID: UInt32 = 0,
        _ payload: [UInt8] = []
    ) async throws {
        try await client.send(Self.frame(kind, flags, streamID, payload))
    }

    /// A whole request without a body.
    static func get(
        _ streamID: UInt32,
        _ path: String,
        _ fields: [(String, String)] = []
    ) -> [UInt8] {
        let all = target.dropLast() + [(":path", path)] + fields
        return frame(headers, endHeaders | endStream, streamID, block(all))
    }

    func get(_ streamID: UInt32, _ path: String, _ fields: [(String, String)] = []) async throws {
        try await client.send(Self.get(streamID, path, fields))
    }

    func next() async throws -> Frame {
        let head = try await client.take(9)
        let size = head[..<3].reduce(0) { $0 << 8 | Int($1) }
        return Frame(
            kind: head[3],
            flags: head[4],
            streamID: head[5...].reduce(0) { $0 << 8 | UInt32($1) },
            payload: try await client.take(size)
        )
    }

    /// The next frame of a kind; others are passed over.
    func next(_ kind: UInt8, on streamID: UInt32? = nil) async throws -> Frame {
        while true {
            let frame = try await next()
            if frame.kind == kind, streamID == nil || streamID == frame.streamID { return frame }
        }
    }

    /// The streams' ends in the order of their coming, and how many bytes came before.
    func ends(_ count: Int) async throws -> [UInt32] {
        var ended: [UInt32] = []
        while ended.count < count {
            let frame = try await next()
            guard frame.kind == Self.data || frame.kind == Self.headers, frame.isEnd else {
                continue
            }
            ended.append(frame.streamID)
        }
        return ended
    }
}
