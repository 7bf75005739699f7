import NIOCore
import NIOPosix

/// A client that sends raw bytes, and reads answers just as they come.
final class RawClient {
    struct Answer {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        /// A field's value by its lower-case name.
        subscript(_ name: String) -> String? {
            headers.first { $0.name == name }?.value
        }

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum ClientError: Error { case closedEarly, noAnswer }

    let channel: any Channel
    private var arrivals: AsyncStream<ByteBuffer>.Iterator
    private var received: [UInt8] = []

    private init(channel: any Channel, arrivals: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.arrivals = arrivals.makeAsyncIterator()
    }

    /// - Parameters:
    ///   - address: the server's.
    ///   - greeting: sent as soon as it is connected, however busy the test's own threads are.
    ///   - reads: whether it reads at all; a client that does not is a slow one.
    /// - Returns: the client, connected.
    /// - Throws: what connecting throws.
    static func connect(
        to address: SocketAddress,
        greeting: String = "",
        reads: Bool = true
    ) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Collector(greeting, continuation)
                    )
                }
            }
            .connect(to: address).get()
        return RawClient(channel: channel, arrivals: stream)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func get(_ path: String, _ fields: String = "", method: String = "GET") async throws -> Answer {
        try await send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
        return try await answer(isHead: method == "HEAD")
    }

    /// The next answer, by its `Content-Length`.
    func answer(isHead: Bool = false) async throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        while received.firstRange(of: end) == nil { try await more() }
        guard let headEnd = received.firstRange(of: end) else { throw ClientError.noAnswer }
        let head = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self)
        received.removeSubrange(..<headEnd.upperBound)
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw ClientError.noAnswer }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                name: parts[0].lowercased(),
                value: String(parts.count > 1 ? parts[1].drop { $0 == " " } : "")
            )
        }
        var answer = Answer(status: status, headers: headers, body: [])
        let hasBody = !isHead && status != 204 && status != 304
        let count = hasBody ? answer["content-length"].flatMap { Int($0) } ?? 0 : 0
        while received.count < count { try await more() }
        answer.body = Array(received[..<count])
        received.removeSubrange(..<count)
        return answer
    }

    /// Everything until the server closes.
    func untilClosed() async -> [UInt8] {
        while let buffer = await arrivals.next() { received += buffer.readableBytesView }
        defer { received = [] }
        return received
    }

    /// Everything up to and with a marker.
    func text(until marker: String) async throws -> String {
        let end = Array(marker.utf8)
        while received.firstRange(of: end) == nil { try await more() }
        guard let found = received.firstRange(of: end) else { throw ClientError.noAnswer }
        defer { received.removeSubrange(..<found.upperBound) }
        return String(decoding: received[..<found.upperBound], as: UTF8.self)
    }

    /// The next bytes, as many as wanted.
    func bytes(_ count: Int) async throws -> [UInt8] {
        while received.count < count { try await more() }
        defer { received.removeSubrange(..<count) }
        return Array(received[..<count])
    }

    /// Waits for further bytes, and keeps them.
    func more() async throws {
        guard let buffer = await arrivals.next() else { throw ClientError.closedEarly }
        received += buffer.readableBytesView
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Exactly so many bytes.
    func take(_ count: Int) async throws -> [UInt8] {
        while received.count < count { try await more() }
        defer { received.removeSubrange(..<count) }
        return Array(received[..<count])
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let greeting: String
    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ greeting: String, _ continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.greeting = greeting
        self.continuation = continuation
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !greeting.isEmpty else { return }
        context.writeAndFlush(NIOAny(ByteBuffer(string: greeting)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
