import NIOCore

/// One keep-alive connection of a viewer: a request, its response, the next.
///
/// Used on its event loop only.
final class ViewerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a response was, beside its body's hash.
    struct Answer {
        var head: ResponseHead
        var sink: BodySink
        var sentAt: NIODeadline
        var firstByteAt: NIODeadline
    }

    private let shared: SharedReadBuffer
    private var reader = ResponseReader()
    private var sink = BodySink(keepsText: false)
    private var sentAt: NIODeadline?
    private var firstByteAt: NIODeadline?
    private var context: ChannelHandlerContext?
    private var answered = 0
    /// Told of each response, or of what came in its place.
    private var onAnswer: ((Result<Answer, ResponseFault>) -> Void)?
    /// Told when the connection is gone with no request under way.
    private let onClose: () -> Void

    init(shared: SharedReadBuffer, onClose: @escaping () -> Void) {
        self.shared = shared
        self.onClose = onClose
    }

    /// Whether a lost connection may be the old one's end and not the server's fault.
    ///
    /// RFC 9112 §9.3.1.
    var mayRetry: Bool { answered > 0 && firstByteAt == nil }

    func send(
        _ request: ByteBuffer,
        keepsText: Bool,
        at now: NIODeadline,
        _ onAnswer: @escaping (Result<Answer, ResponseFault>) -> Void
    ) {
        self.onAnswer = onAnswer
        sink = BodySink(keepsText: keepsText)
        sentAt = now
        firstByteAt = nil
        reader.reset()
        context?.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    /// Ends the connection; nobody is told.
    func cut() {
        onAnswer = nil
        context?.close(promise: nil)
    }

    /// Ends the connection and the request under way with a fault.
    func fail(_ fault: ResponseFault) {
        let told = onAnswer
        onAnswer = nil
        sentAt = nil
        context?.close(promise: nil)
        told?(.failure(fault))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard let sentAt, onAnswer != nil else {
            // Bytes that nobody asked for.
            if bytes.readableBytes > 0 { context.close(promise: nil) }
            return
        }
        if firstByteAt == nil { firstByteAt = .now() }
        do {
            let progress = try reader.read(&bytes, into: &sink)
            let isClean = bytes.readableBytes == 0
            shared.giveBack(bytes)
            guard progress == .complete else { return }
            guard isClean else { return fail(.malformedHead) }
            finish(sentAt)
        } catch {
            fail(error)
        }
    }

    private func finish(_ sentAt: NIODeadline) {
        guard let head = reader.head, let told = onAnswer else { return fail(.malformedHead) }
        onAnswer = nil
        self.sentAt = nil
        answered += 1
        let answer = Answer(
            head: head,
            sink: sink,
            sentAt: sentAt,
            firstByteAt: firstByteAt ?? sentAt
        )
        sink = BodySink(keepsText: false)
        if !head.keepsAlive {
            context?.close(promise: nil)
            onClose()
        }
        told(.success(answer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard onAnswer != nil, let sentAt else { return onClose() }
        if reader.endsWithConnection {
            finish(sentAt)
        } else {
            onClose()
            fail(firstByteAt == nil ? .connectionLost : .truncated)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
