import Glibc
import Live

/// A client that writes chunks byte by byte, right or wrong; blocks.
struct RawClient {
    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private(set) var received: [UInt8] = []
    var chunkSize = 128

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // sockaddr_in of 127.0.0.1, byte by byte: its fields belong to whichever module saw the
        // header first.
        var address = [UInt8](repeating: 0, count: 16)
        address[0] = UInt8(AF_INET)
        address.replaceSubrange(2..<8, with: [UInt8(port >> 8), UInt8(port & 0xFF), 127, 0, 0, 1])
        let code = unsafe address.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { address in
                unsafe Glibc.connect(descriptor, address.baseAddress, 16)
            }
        }
        guard code == 0 else { throw Failed(description: "cannot connect: errno \(errno)") }
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// Writes all of it, or nothing more where the server has gone.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads until this holds of all that has come.
    ///
    /// - Returns: false where the server closed, or the time was up, before.
    mutating func read(
        within limit: Duration = .seconds(20),
        until isEnough: ([UInt8]) -> Bool
    ) -> Bool {
        let end = ContinuousClock.now + limit
        while !isEnough(received) {
            guard ContinuousClock.now < end, readSome(milliseconds: 20) != 0 else { return false }
        }
        return true
    }

    /// How long it takes for the server to close; nil where it does not in time.
    mutating func timeUntilClosed(within limit: Duration = .seconds(20)) -> Duration? {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < limit {
            if readSome(milliseconds: 20) == 0 { return ContinuousClock.now - start }
        }
        return nil
    }

    /// Whether the text stands in what has come.
    func hasReceived(_ text: String) -> Bool {
        RawClient.contains(received, text)
    }

    static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        bytes.split(separator: Array(text.utf8), maxSplits: 1, omittingEmptySubsequences: false)
            .count > 1
    }

    /// 0 where the server has closed, -1 where nothing came.
    private mutating func readSome(milliseconds: Int32) -> Int {
        var polls = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&polls, 1, milliseconds) > 0 else { return -1 }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return 0 }
        received += bytes[..<count]
        return count
    }
}

extension RawClient {
    static let handshake = [3] + [UInt8](repeating: 7, count: 1536)

    mutating func shakeHands() throws {
        write(Self.handshake)
        guard read(until: { $0.count >= 3073 }) else { throw Failed(description: "no S2") }
        write(Array(received[1..<1537]))
    }

    /// Everything up to the start of the publish.
    mutating func publish(key: String = "right-key", application: String = "live") throws {
        try shakeHands()
        connect(application)
        guard read(until: { Self.contains($0, "NetConnection.Connect.Success") }) else {
            throw Failed(description: "no connect")
        }
        command([.string("createStream"), .number(2), .null])
        command([.string("publish"), .number(3), .null, .string(key), .string("live")], stream: 1)
        guard read(until: { Self.contains($0, "NetStream.Publish.Start") }) else {
            throw Failed(description: "no publish")
        }
    }

    func connect(_ application: String = "live", extra: [AMF0Property] = []) {
        let properties = [AMF0Property("app", .string(application))] + extra
        command([.string("connect"), .number(1), .object(properties)])
    }

    func command(_ values: [AMF0Value], stream: UInt32 = 0) {
        var writer = AMF0Writer()
        for value in values { writer.write(value) }
        message(type: 20, stream: stream, body: writer.bytes, chunkStream: 3)
    }

    /// A whole message of chunks of type 0 and 3.
    func message(
        type: UInt8,
        timestamp: UInt32 = 0,
        stream: UInt32 = 1,
        body: [UInt8],
        chunkStream: UInt8 = 6,
        repeatsTimestamp: Bool = true
    ) {
        let isExtended = timestamp >= 0xFF_FFFF
        let extended = isExtended ? Self.bytes(timestamp, 4) : []
        var bytes = Self.header(
            chunkStream: chunkStream,
            timestamp: isExtended ? 0xFF_FFFF : timestamp,
            size: body.count,
            type: type,
            stream: stream
        )
        bytes += extended
        var rest = body[...]
        while true {
            bytes += rest.prefix(chunkSize)
            rest = rest.dropFirst(chunkSize)
            if rest.isEmpty { break }
            bytes += [0xC0 | chunkStream] + (repeatsTimestamp ? extended : [])
        }
        write(bytes)
    }

    /// A header of type 0.
    static func header(
        chunkStream: UInt8,
        timestamp: UInt32 = 0,
        size: Int,
        type: UInt8,
        stream: UInt32 = 1
    ) -> [UInt8] {
        [chunkStream] + bytes(timestamp, 3) + bytes(UInt32(size), 3) + [type]
            + bytes(stream, 4).reversed()
    }

    mutating func setChunkSize(_ size: UInt32) {
        message(type: 1, stream: 0, body: Self.bytes(size, 4), chunkStream: 2)
        chunkSize = Int(size)
    }

    static func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}
