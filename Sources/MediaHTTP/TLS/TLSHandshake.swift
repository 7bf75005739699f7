import NIOCore
internal import NIOSSL
import NIOTLS

/// Waits for the end of a connection's handshake, not for ever, and lets what was agreed on take
/// its place.
///
/// Used on its event loop only.
final class TLSHandshake: ChannelInboundHandler, RemovableChannelHandler, LoopConnection {
    typealias InboundIn = ByteBuffer

    private let loop: ConnectionLoop
    private let refusal: RefusalReason?
    private let onClose: () -> Void
    private let deadline: NIODeadline
    private var context: ChannelHandlerContext?
    private var isOver = false
    /// Said in front of the handshake, and told on to who comes after it.
    private var proxied: ProxiedPeer?

    /// - Parameters:
    ///   - loop: that of the channel.
    ///   - refusal: where set, the connection is told so and gets no request in.
    ///   - onClose: called once when the connection is gone.
    init(loop: ConnectionLoop, refusal: RefusalReason?, onClose: @escaping () -> Void) {
        self.loop = loop
        self.refusal = refusal
        self.onClose = onClose
        self.deadline = .now() + loop.times.head
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ProxiedPeer { proxied = event }
        switch event as? TLSUserEvent {
        case .handshakeCompleted(let name): handOver(context, name)
        case .shutdownCompleted, nil: context.fireUserInboundEventTriggered(event)
        }
    }

    /// In one go, so that bytes behind the handshake find their reader.
    private func handOver(_ context: ChannelHandlerContext, _ name: String?) {
        isOver = true
        let pipeline = context.pipeline.syncOperations
        do {
            switch name.flatMap(ApplicationProtocol.init) {
            case .http2:
                let connection = HTTP2Connection(
                    loop: loop,
                    refusal: refusal,
                    isSecure: true,
                    onClose: onClose
                )
                try pipeline.addHandler(connection, position: .after(self))
            case .http1, nil:
                let pacer = TLSPacer()
                let connection = MediaConnection(
                    loop: loop,
                    refusal: refusal,
                    pacer: pacer,
                    onClose: onClose
                )
                try pipeline.addHandler(pacer, position: .after(self))
                try pipeline.addHandler(connection, position: .after(pacer))
            }
        } catch {
            onClose()
            context.close(promise: nil)
        }
        if let proxied { context.fireUserInboundEventTriggered(proxied) }
        pipeline.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { onClose() }
        context.fireChannelInactive()
    }

    /// Clients that speak no TLS, or none that we do, are no news.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: - For the loop

    func checkTime(_ now: NIODeadline) {
        if now >= deadline { cut() }
    }

    func drain() {
        cut()
    }

    func cut() {
        context?.close(promise: nil)
    }
}
