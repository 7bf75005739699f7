import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server that does exactly as its script says, byte for byte.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        /// Waits for the end of a further request's head.
        case request
        /// Waits until a request's bytes hold this.
        case until(String)
        case send(String)
        case sendBytes(ByteBuffer)
        case pause(TimeAmount)
        /// Does nothing until then.
        case wait(EventLoopFuture<Void>)
        /// Answers each further request with this, for good.
        case answerAll(String)
        case answerAllBytes(ByteBuffer)
        case halfClose
        case close
        /// Closes so that the other side gets a reset.
        case reset
        /// Leaves what comes in the kernel.
        case stopReading
        /// Sends back what comes, as it comes.
        case echo
    }

    struct Seen: Sendable {
        var connectionCount = 0
        var openCount = 0
        /// All that came, by connection.
        var received: [String] = []
    }

    typealias Script = @Sendable (_ connection: Int) -> [Step]

    let channel: any Channel
    private let seen: Box

    fileprivate final class Box: Sendable {
        let seen = Mutex(Seen())
    }

    private init(channel: any Channel, seen: Box) {
        self.channel = channel
        self.seen = seen
        port = channel.localAddress?.port ?? 0
    }

    static func start(
        port: Int = 0,
        unixPath: String? = nil,
        tls: NIOSSLContext? = nil,
        script: @escaping Script
    ) async throws -> ScriptedServer {
        let seen = Box()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls)
                        )
                    }
                    let index = seen.seen.withLock { seen in
                        seen.connectionCount += 1
                        seen.openCount += 1
                        seen.received.append("")
                        return seen.connectionCount - 1
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler(steps: script(index), index: index, seen: seen)
                    )
                }
            }
        let channel =
            if let unixPath {
                try await bootstrap.bind(unixDomainSocketPath: unixPath).get()
            } else {
                try await bootstrap.bind(host: "127.0.0.1", port: port).get()
            }
        return ScriptedServer(channel: channel, seen: seen)
    }

    /// 0 where it listens on a path.
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }

    var current: Seen { seen.seen.withLock { $0 } }

    func stop() async {
        try? await channel.close()
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var steps: ArraySlice<ScriptedServer.Step>
    private let index: Int
    private let seen: ScriptedServer.Box
    /// Not yet taken by a step.
    private var input = ""
    private var isPaused = false
    private var isEchoing = false

    init(steps: [ScriptedServer.Step], index: Int, seen: ScriptedServer.Box) {
        self.steps = steps[...]
        self.index = index
        self.seen = seen
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        advance(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let text = String(buffer: bytes)
        seen.seen.withLock { $0.received[index] += text }
        if isEchoing {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            return
        }
        input += text
        advance(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        seen.seen.withLock { $0.openCount -= 1 }
        steps = []
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func advance(_ context: ChannelHandlerContext) {
        while !isPaused, let step = steps.first {
            switch step {
            case .request:
                guard take("\r\n\r\n") else { return }
            case .until(let text):
                guard take(text) else { return }
            case .answerAll(let text):
                guard take("\r\n\r\n") else { return }
                write(ByteBuffer(string: text), context)
                continue
            case .answerAllBytes(let bytes):
                guard take("\r\n\r\n") else { return }
                write(bytes, context)
                continue
            case .send(let text): write(ByteBuffer(string: text), context)
            case .sendBytes(let bytes): write(bytes, context)
            case .pause(let time):
                isPaused = true
                context.eventLoop.assumeIsolated().scheduleTask(in: time) {
                    self.isPaused = false
                    self.advance(context)
                }
            case .wait(let future):
                isPaused = true
                let loop = context.eventLoop.assumeIsolated()
                future.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
                    loop.execute {
                        self.isPaused = false
                        self.advance(context)
                    }
                }
            case .halfClose: context.close(mode: .output, promise: nil)
            case .close: context.close(promise: nil)
            case .reset:
                let hard = linger(l_onoff: 1, l_linger: 0)
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(hard)
                context.close(promise: nil)
            case .echo: isEchoing = true
            case .stopReading:
                try? context.channel.syncOptions?.setOption(.autoRead, value: false)
            }
            if !steps.isEmpty { steps.removeFirst() }
        }
    }

    private func take(_ text: String) -> Bool {
        guard let range = input.firstRange(of: text) else { return false }
        input.removeSubrange(..<range.upperBound)
        return true
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}
