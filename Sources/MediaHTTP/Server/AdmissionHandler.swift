import NIOCore
import Platform

/// Closes connections of clients who have as many as they may, before anything is read from them.
///
/// Stands behind the PROXY protocol's handler, where there is one, and in front of TLS. It leaves the
/// pipeline once a client is in: every event of every request would pass through it.
final class AdmissionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let admission: any ConnectionAdmission
    private let waitsForProxy: Bool
    private var isDecided = false

    init(_ admission: any ConnectionAdmission, waitsForProxy: Bool) {
        self.admission = admission
        self.waitsForProxy = waitsForProxy
    }

    func channelActive(context: ChannelHandlerContext) {
        if !waitsForProxy, let address = context.remoteAddress {
            guard admits(address, context) else { return context.close(promise: nil) }
        }
        context.fireChannelActive()
        leaveIfDecided(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let peer = event as? ProxiedPeer, !isDecided, !admits(peer.address, context) {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
        if event is ProxiedPeer { leaveIfDecided(context) }
    }

    private func leaveIfDecided(_ context: ChannelHandlerContext) {
        guard isDecided else { return }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func admits(_ address: SocketAddress, _ context: ChannelHandlerContext) -> Bool {
        guard let client = address.ipAddress.flatMap({ IPAddress($0) }) else { return true }
        guard admission.enter(client) else { return false }
        isDecided = true
        context.channel.closeFuture.whenComplete { [admission] _ in admission.leave(client) }
        return true
    }
}
