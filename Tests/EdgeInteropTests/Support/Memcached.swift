import Foundation
import Glibc
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// A real memcached on a socket, which a test kills, freezes and starts again.
final class Memcached {
    let path: String
    private var program: RunningProgram

    init(_ path: String) async throws {
        self.path = path
        program = try Self.start(path)
        try await eventually("memcached listens") { FileManager.default.fileExists(atPath: path) }
    }

    private static func start(_ path: String) throws -> RunningProgram {
        try? FileManager.default.removeItem(atPath: path)
        let user = geteuid() == 0 ? ["-u", "root"] : []
        return try RunningProgram(
            "memcached",
            ["-s", path, "-m", "128", "-t", "2"] + user,
            limit: .seconds(120)
        )
    }

    func signal(_ number: Int32) {
        program.signal(number)
    }

    func freeze() throws {
        try TestSupport.freeze(program.processID)
    }

    func kill() async {
        program.signal(SIGKILL)
        _ = await program.end()
    }

    /// Starts it again, with nothing in it.
    func restart() async throws {
        program = try Self.start(path)
        let path = path
        try await eventually("memcached listens") { FileManager.default.fileExists(atPath: path) }
    }

    /// The process whose command line names this folder, where there is one.
    static func process(in folder: TemporaryFolder) throws -> Int32? {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let pid = Int32(name),
                let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
            else { continue }
            let text = String(decoding: line, as: UTF8.self)
            if text.contains("memcached\0"), text.contains(folder.path) { return pid }
        }
        return nil
    }
}

/// A server that answers everything with bytes that mean nothing, or with the wrong thing.
final class LyingServer: Sendable {
    private let channel: any Channel
    let port: Int

    init(saying text: String) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async {
        try? await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let text: String

        init(_ text: String) {
            self.text = text
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
