import EdgeServer
import Logging
import MediaHTTP
import NIOCore
import NIOPosix

/// A lane whose every request is passed through.
struct PassThroughServer: MediaHandler {
    let upstream: FakeUpstream
    let configuration: PassThroughConfiguration

    var takesAllMethods: Bool { true }

    func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        .relay(PassThrough(request, upstream: upstream, configuration: configuration))
    }

    static func with(
        _ upstream: FakeUpstream,
        configuration: PassThroughConfiguration = PassThroughConfiguration(),
        _ body: (SocketAddress) async throws -> Void
    ) async throws {
        let server = try await MediaServer.start(
            configuration: MediaServerConfiguration(addresses: [.init(host: "127.0.0.1", port: 0)]),
            handler: PassThroughServer(upstream: upstream, configuration: configuration),
            observer: MediaObservers([]),
            logger: Logger(label: "test"),
            group: MultiThreadedEventLoopGroup.singleton
        )
        do {
            try await body(server.boundAddresses[0])
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }
}

/// A client that sends text and reads what comes, byte by byte.
final class TextClient {
    enum ClientError: Error { case closedEarly(String) }

    let channel: any Channel
    private var arrivals: AsyncStream<ByteBuffer>.Iterator
    private var received = ""

    private init(channel: any Channel, arrivals: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.arrivals = arrivals.makeAsyncIterator()
    }

    static func connect(to address: SocketAddress) async throws -> TextClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Arrivals(continuation))
                }
            }
            .connect(to: address).get()
        return TextClient(channel: channel, arrivals: stream)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Everything up to and with a marker.
    func text(until marker: String) async throws -> String {
        while true {
            if let end = received.utf8.firstRange(of: Array(marker.utf8)) {
                defer { received = String(received[end.upperBound...]) }
                return String(received[..<end.upperBound])
            }
            guard let buffer = await arrivals.next() else {
                throw ClientError.closedEarly(received)
            }
            received += String(buffer: buffer)
        }
    }

    /// Everything until the server closes.
    func untilClosed() async -> String {
        while let buffer = await arrivals.next() { received += String(buffer: buffer) }
        defer { received = "" }
        return received
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
