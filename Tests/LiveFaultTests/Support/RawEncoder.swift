import TestSupport

/// Pushes FLV tags as they are, with whatever timestamps a test wants.
final class RawEncoder {
    /// What encoders do differently.
    struct Habits: Sendable {
        var chunkSize = 1 << 20
        /// Whether chunks of type 3 repeat an extended timestamp. RTMP 1.0 §5.3.1.3
        var repeatsTimestamps = true
    }

    let socket: RawSocket
    private let habits: Habits

    /// Connects, and publishes under the key.
    init(port: Int, key: String, habits: Habits = Habits(), from source: UInt8 = 1) throws {
        self.habits = habits
        socket = try RawSocket(port: port, from: source)
        guard Self.shakeHands(socket) else { throw Tool.Failed(description: "no handshake") }
        setChunkSize(habits.chunkSize)
        connect()
        command(Self.string("createStream") + Self.one + [5])
        let publish = Self.string("publish") + Self.one + [5] + Self.string(key)
        command(publish + Self.string("live"), stream: 1)
        let start = Array("NetStream.Publish.Start".utf8)
        guard socket.read(until: { !$0.ranges(of: start).isEmpty }) != nil else {
            throw Tool.Failed(description: "no publish")
        }
    }

    /// The plain handshake. RTMP 1.0 §5.2
    static func shakeHands(_ socket: RawSocket) -> Bool {
        socket.write([3] + [UInt8](repeating: 7, count: 1536))
        guard let answer = socket.read(until: { $0.count >= 3073 }) else { return false }
        socket.write(Array(answer[1..<1537]))
        return true
    }

    private func setChunkSize(_ size: Int) {
        socket.write(Self.message(type: 1, stream: 0, body: Self.bytes(UInt32(size), 4), on: 2))
    }

    private func connect() {
        command(Self.connectCommand)
    }

    private func command(_ body: [UInt8], stream: UInt32 = 0) {
        let message = Self.message(
            type: 20,
            stream: stream,
            body: body,
            on: 3,
            chunkSize: habits.chunkSize
        )
        socket.write(message)
    }

    func send(_ tag: FLVTag) {
        let message = Self.message(
            type: tag.type,
            timestamp: tag.timestamp,
            stream: 1,
            body: tag.body,
            on: 6,
            chunkSize: habits.chunkSize,
            repeatsTimestamp: habits.repeatsTimestamps
        )
        socket.write(message)
    }

    // MARK: Bytes

    static let connectCommand =
        string("connect") + one + [3, 0, 3] + Array("app".utf8) + string("live") + [0, 0, 9]

    /// A message, its first chunk of type 0. RTMP 1.0 §5.3.1.2
    static func message(
        type: UInt8,
        timestamp: UInt32 = 0,
        stream: UInt32,
        body: [UInt8],
        on chunkStream: UInt8,
        chunkSize: Int = 1 << 20,
        repeatsTimestamp: Bool = true
    ) -> [UInt8] {
        let isExtended = timestamp >= 0xFF_FFFF
        let extended = isExtended ? bytes(timestamp, 4) : []
        var message =
            [chunkStream] + bytes(isExtended ? 0xFF_FFFF : timestamp, 3)
            + bytes(UInt32(body.count), 3) + [type] + bytes(stream, 4).reversed() + extended
        for start in stride(from: 0, to: body.count, by: chunkSize) {
            if start > 0 { message += [0xC0 | chunkStream] + (repeatsTimestamp ? extended : []) }
            message += body[start..<min(start + chunkSize, body.count)]
        }
        return message
    }

    /// AMF 0: the number 1.
    static let one: [UInt8] = [0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0]

    /// AMF 0: a string.
    static func string(_ text: String) -> [UInt8] {
        [2] + bytes(UInt32(text.utf8.count), 2) + Array(text.utf8)
    }

    static func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}
