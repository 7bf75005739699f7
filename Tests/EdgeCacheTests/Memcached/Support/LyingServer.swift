import EdgeCache
import NIOCore
import NIOPosix
import Synchronization

/// A server on a free port that answers whatever it is told to, a line at a time.
final class LyingServer: Sendable {
    /// From the line to the answer; nothing to close the connection.
    typealias Answer = @Sendable (String) -> [UInt8]?

    let server: MemcachedServer
    private let channel: any Channel

    /// Binds; where it dribbles, a byte every few milliseconds follows each answer.
    init(isDribbling: Bool = false, _ answer: @escaping Answer) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(isDribbling, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        server = .tcp(host: "127.0.0.1", port: UInt16(port))
    }

    func stop() async throws {
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let answer: Answer
        private let isDribbling: Bool
        private var line = ""

        init(_ isDribbling: Bool, _ answer: @escaping Answer) {
            self.isDribbling = isDribbling
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            for byte in unwrapInboundIn(data).readableBytesView {
                guard byte == UInt8(ascii: "\n") else {
                    line.unicodeScalars.append(Unicode.Scalar(byte))
                    continue
                }
                let asked = line.trimmingPrefix { $0 == "\r" }
                line = ""
                guard let bytes = answer(String(asked)) else {
                    context.close(promise: nil)
                    return
                }
                context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
                guard isDribbling else { continue }
                let channel = context.channel
                context.eventLoop.scheduleRepeatedTask(
                    initialDelay: .milliseconds(5),
                    delay: .milliseconds(5)
                ) { task in
                    guard channel.isActive else {
                        task.cancel()
                        return
                    }
                    channel.writeAndFlush(ByteBuffer(bytes: [7]), promise: nil)
                }
            }
        }
    }
}
