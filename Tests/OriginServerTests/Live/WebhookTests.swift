import Live
import Logging
import NIOCore
import NIOPosix
import OriginServer
import Synchronization
import Testing

/// An operator's side that says what it is told to, one answer after another.
private final class HookServer: Sendable {
    let received = Mutex<[String]>([])
    static let endless = "endless"
    private let answers: Mutex<[String]>
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ answers: [String]) async throws {
        self.answers = Mutex(answers)
        let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HookHandler(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = bound }
    }

    var url: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)/hook" }
    func next() -> String { answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
    func stop() async throws { try await channel.withLock { $0 }?.close() }
}

private final class HookHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let server: HookServer
    private var text = ""

    init(_ server: HookServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        guard text.hasSuffix("}") else { return }
        server.received.withLock { $0.append(text) }
        let answer = server.next()
        guard !answer.isEmpty else { return }
        guard answer != HookServer.endless else {
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
            return sendOn(context.channel)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }

    /// Sends for as long as somebody reads.
    private func sendOn(_ channel: any Channel) {
        let piece = ByteBuffer(repeating: 32, count: 64 << 10)
        let server = server
        channel.writeAndFlush(piece).whenSuccess {
            HookHandler(server).sendOn(channel)
        }
    }
}

private func answer(_ status: String, _ body: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
}

struct WebhookTests {
    private let attempt = PublishAttempt(
        application: "live",
        key: "k\"ey",
        clientAddress: "192.0.2.1"
    )

    private func decide(
        _ answers: [String],
        timeout: Duration = .seconds(5)
    ) async throws -> (Result<PublishGrant, PublishRefusal>, [String]) {
        let server = try await HookServer(answers)
        let webhook = try Webhook(url: server.url, secret: "s3cret", timeout: timeout)
        let authority = WebhookAuthority(webhook: webhook, logger: Logger(label: "test"))
        let attempt = attempt
        let verdict = try await NIOThreadPool.singleton.runIfActive { authority.decide(attempt) }
        try await server.stop()
        return (verdict, server.received.withLock { $0 })
    }

    @Test func aStreamIsNamed() async throws {
        let (verdict, posts) = try await decide([answer("200 OK", #"{"stream":"main"}"#)])
        #expect(verdict == .success(PublishGrant(streamID: "main")))
        let post = try #require(posts.first)
        #expect(post.contains(#""key":"k\"ey""#))
        // HMAC-SHA256 as any other library computes it; 64 hexadecimal digits.
        let signature = try #require(
            post.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("x-millrace-signature: ")
            }
        )
        #expect(signature.split(separator: " ")[1].count == 64)
    }

    @Test func aBackupIsNamed() async throws {
        let body = #"{"stream":"main","backup":true}"#
        let (verdict, _) = try await decide([answer("200 OK", body)])
        #expect(verdict == .success(PublishGrant(streamID: "main", role: .backup)))
    }

    @Test func noIsNo() async throws {
        let (verdict, posts) = try await decide([answer("403 Forbidden")])
        #expect(verdict == .failure(.unknownKey))
        #expect(posts.count == 1)
    }

    @Test func aFaultIsTriedAgain() async throws {
        let good = answer("200 OK", #"{"stream":"main"}"#)
        let (verdict, posts) = try await decide([answer("500 Oops"), good])
        #expect(verdict == .success(PublishGrant(streamID: "main")))
        #expect(posts.count == 2)
    }

    @Test(arguments: ["", "{}", #"{"stream":"a/b"}"#, "nonsense}"])
    func nonsenseIsNoGrant(body: String) async throws {
        let (verdict, _) = try await decide([answer("200 OK", body)])
        guard case .failure(.unavailable) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test func anAnswerWithoutEndIsNotRead() async throws {
        let server = try await HookServer([HookServer.endless])
        let webhook = try Webhook(url: server.url, secret: "", timeout: .seconds(5))
        // Read until its time is over, it would be unreachable.
        await #expect(throws: Webhook.Failure.tooLarge) {
            try await NIOThreadPool.singleton.runIfActive { _ = try webhook.post("{}") }
        }
        try await server.stop()
        #expect(server.received.withLock { $0.count } == 1)
    }

    @Test func silenceEnds() async throws {
        let (verdict, _) = try await decide([""], timeout: .milliseconds(300))
        guard case .failure(.unavailable) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }
}
