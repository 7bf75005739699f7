import NIOCore
import Platform

/// Closes connections of clients who have as many as they may, before anything is read from them.
///
/// Stands behind the PROXY protocol's handler, where there is one, and in front of TLS.
final class AdmissionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let admission: any ConnectionAdmission
    private let waitsForProxy: Bool
    private var entered: IPAddress?

    init(_ admission: any ConnectionAdmission, waitsForProxy: Bool) {
        self.admission = admission
        self.waitsForProxy = waitsForProxy
    }

    func channelActive(context: ChannelHandlerContext) {
        if !waitsForProxy, let address = context.remoteAddress {
            guard admits(address) else { return context.close(promise: nil) }
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let peer = event as? ProxiedPeer, entered == nil, !admits(peer.address) {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let entered { admission.leave(entered) }
        context.fireChannelInactive()
    }

    private func admits(_ address: SocketAddress) -> Bool {
        guard let client = address.ipAddress.flatMap({ IPAddress($0) }) else { return true }
        guard admission.enter(client) else { return false }
        entered = client
        return true
    }
}
