import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An origin that does to each request exactly as a test says, and remembers what it was asked.
final class ScriptedOrigin: Sendable {
    struct Request: Sendable {
        /// As it came, to the empty line.
        var head: String
        var method: String
        var target: String
        /// Names in lower case; of equal names the last.
        var fields: [String: String]
        var body: [UInt8] = []
        /// How often this target was asked for, with this.
        var number = 1
    }

    enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        case hold(Latch)
        case pause(TimeAmount)
        case halfClose
        case close
        /// Closes so that the other side gets a reset.
        case reset
        /// Sends back whatever comes from now on.
        case echo
    }

    typealias Script = @Sendable (Request) -> [Step]

    fileprivate struct State {
        var script: Script
        var requests: [Request] = []
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    fileprivate final class Box: Sendable {
        let state: Mutex<State>

        init(_ script: @escaping Script) {
            state = Mutex(State(script: script))
        }
    }

    private let box: Box
    private let channel: any Channel
    let port: Int
    let url: String

    private init(_ box: Box, _ channel: any Channel, isSecure: Bool) {
        self.box = box
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        url = (isSecure ? "https" : "http") + "://127.0.0.1:\(port)"
    }

    static func start(
        port: Int = 0,
        tls: NIOSSLContext? = nil,
        _ script: @escaping Script
    ) async throws -> ScriptedOrigin {
        let box = Box(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ScriptedConnection(box))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ScriptedOrigin(box, channel, isSecure: tls != nil)
    }

    /// From now on it does as this says.
    func become(_ script: @escaping Script) {
        box.state.withLock { $0.script = script }
    }

    /// What it was asked, health checks left out.
    var requests: [Request] { box.state.withLock { $0.requests } }

    func count(_ target: String) -> Int {
        requests.count { $0.target == target }
    }

    /// As if its process were killed: no listener, and every connection reset.
    func kill() async {
        try? await channel.close()
        let open = box.state.withLock { Array($0.connections.values) }
        for connection in open { connection.reset() }
    }
}

extension ScriptedOrigin.Step {
    /// A whole answer.
    static func answer(
        _ body: [UInt8],
        status: String = "200 OK",
        fields: [String] = ["Cache-Control: public, max-age=3600"]
    ) -> [ScriptedOrigin.Step] {
        let lines = (fields + ["Content-Length: \(body.count)"]).map { $0 + "\r\n" }.joined()
        return [.send("HTTP/1.1 \(status)\r\n\(lines)\r\n"), .bytes(body)]
    }

    static func answer(
        _ text: String,
        status: String = "200 OK",
        fields: [String] = ["Cache-Control: public, max-age=3600"]
    ) -> [ScriptedOrigin.Step] {
        answer(Array(text.utf8), status: status, fields: fields)
    }
}

extension Channel {
    fileprivate func reset() {
        _ = (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        close(promise: nil)
    }
}

private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let box: ScriptedOrigin.Box
    private var input: [UInt8] = []
    private var steps: ArraySlice<ScriptedOrigin.Step> = []
    private var isHeld = false
    private var isEchoing = false

    init(_ box: ScriptedOrigin.Box) {
        self.box = box
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        box.state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let channel = context.channel
        box.state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
        steps = []
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if isEchoing {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            return
        }
        input += bytes.readableBytesView
        advance(context)
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
        while !isHeld {
            if let step = steps.popFirst() {
                perform(step, context)
            } else if let request = takeRequest() {
                steps = script(of: request)[...]
            } else {
                return
            }
        }
    }

    private func script(of request: ScriptedOrigin.Request) -> [ScriptedOrigin.Step] {
        if request.target == "/healthz" { return ScriptedOrigin.Step.answer("ok") }
        let (script, numbered) = box.state.withLock { state in
            var request = request
            request.number += state.requests.count { $0.target == request.target }
            state.requests.append(request)
            return (state.script, request)
        }
        return script(numbered)
    }

    private func perform(_ step: ScriptedOrigin.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .send(let text): write(ByteBuffer(string: text), context)
        case .bytes(let bytes): write(ByteBuffer(bytes: bytes), context)
        case .hold(let latch):
            isHeld = true
            let resume = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let eventLoop = context.eventLoop
            latch.whenOpen { eventLoop.execute { resume.value.0.resume(resume.value.1) } }
        case .pause(let time):
            isHeld = true
            context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.resume(context) }
        case .halfClose: context.close(mode: .output, promise: nil)
        case .close: context.close(promise: nil)
        case .reset: context.channel.reset()
        case .echo: isEchoing = true
        }
    }

    private func resume(_ context: ChannelHandlerContext) {
        isHeld = false
        advance(context)
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    /// The next request with its body, whose size must be told.
    private func takeRequest() -> ScriptedOrigin.Request? {
        guard !isEchoing, let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else {
            return nil
        }
        let head = String(decoding: input[..<end.upperBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].trimmingPrefix { $0 == " " })
        }
        let size = fields["content-length"].flatMap { Int($0) } ?? 0
        guard input.count >= end.upperBound + size else { return nil }
        let body = Array(input[end.upperBound..<end.upperBound + size])
        input.removeSubrange(..<(end.upperBound + size))
        return ScriptedOrigin.Request(
            head: head,
            method: String(words[0]),
            target: String(words[1]),
            fields: fields,
            body: body
        )
    }
}
