import NIOCore
import NIOPosix

/// A client's connection: sends what a test says, to the byte, and reads what comes.
final class Viewer {
    struct Gone: Error {}

    private let channel: any Channel
    private var arrivals: AsyncStream<ByteBuffer>.Iterator
    private var reader = HTTPReplyReader()

    private init(_ channel: any Channel, _ arrivals: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.arrivals = arrivals.makeAsyncIterator()
    }

    static func connect(to port: Int) async throws -> Viewer {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Arrivals(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Viewer(channel, stream)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Asks, without waiting for the answer.
    func ask(
        _ target: String,
        method: String = "GET",
        fields: [String: String] = [:],
        body: String = ""
    ) async throws {
        let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        reader.expect(headOnly: method == "HEAD")
        try await send("\(method) \(target) HTTP/1.1\r\nHost: edge\r\n\(lines)\(length)\r\n\(body)")
    }

    /// The next answer; one that breaks off is not whole.
    ///
    /// - Throws: `Gone` where the connection closes without a head.
    func reply() async throws -> HTTPReply {
        while true {
            if let reply = try reader.next() { return reply }
            guard let bytes = await arrivals.next() else {
                guard let reply = reader.last() else { throw Gone() }
                return reply
            }
            reader.feed(bytes.readableBytesView)
        }
    }

    func get(_ target: String, fields: [String: String] = [:]) async throws -> HTTPReply {
        try await ask(target, fields: fields)
        return try await reply()
    }

    /// All bytes that no reply has taken, up to and with this text.
    func text(until marker: String) async throws -> String {
        var taken: [UInt8] = reader.takeRest()
        while true {
            if let end = taken.firstRange(of: Array(marker.utf8)) {
                reader.feed(taken[end.upperBound...])
                return String(decoding: taken[..<end.upperBound], as: UTF8.self)
            }
            guard let bytes = await arrivals.next() else { throw Gone() }
            taken += bytes.readableBytesView
        }
    }

    /// Everything until the server closes.
    func untilClosed() async -> String {
        var taken = reader.takeRest()
        while let bytes = await arrivals.next() { taken += bytes.readableBytesView }
        return String(decoding: taken, as: UTF8.self)
    }

    /// Sends this again and again until the connection ends.
    func drip(_ text: String, every time: TimeAmount) {
        let channel = channel
        channel.eventLoop.scheduleRepeatedTask(initialDelay: time, delay: time) { task in
            guard channel.isActive else { return task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
    }

    func close() async {
        try? await channel.close()
    }

    private final class Arrivals: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
            self.continuation = continuation
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
}
