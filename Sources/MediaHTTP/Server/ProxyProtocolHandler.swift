import NIOCore

/// Takes a PROXY protocol header off the front of a connection, then passes all bytes on.
///
/// The first handler: before TLS, as the header is not encrypted. Nothing passes before the header
/// is whole, so the connection behind, which has no request yet, counts the time for it as that of
/// its first head.
final class ProxyProtocolHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let sizeLimitBytes: Int
    private var received = ByteBuffer()
    private var progress = Progress.reading
    /// For handlers that come into the pipeline later, when `ProxiedPeer` was said.
    private(set) var client: SocketAddress?

    private enum Progress { case reading, passing, refused }

    init(limits: MediaLimits) {
        sizeLimitBytes = limits.proxyHeaderSizeBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch progress {
        case .passing: return context.fireChannelRead(data)
        case .refused: return
        case .reading: break
        }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        do throws(ProxyProtocolError) {
            guard
                case .complete(let header) = try ProxyProtocolHeader.read(
                    &received,
                    sizeLimitBytes: sizeLimitBytes
                )
            else { return }
            pass(header, context)
        } catch {
            progress = .refused
            context.fireErrorCaught(error)
        }
    }

    private func pass(_ header: ProxyProtocolHeader, _ context: ChannelHandlerContext) {
        progress = .passing
        if let client = header.client {
            self.client = client
            context.fireUserInboundEventTriggered(ProxiedPeer(address: client))
        }
        let rest = received
        received = ByteBuffer()
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    }
}

/// Said once, before any byte: who the client is in truth.
struct ProxiedPeer: Hashable {
    let address: SocketAddress
}
