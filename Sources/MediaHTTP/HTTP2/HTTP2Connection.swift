import NIOCore
import NIOHPACK
import Platform

/// One client's connection over HTTP/2: many requests at once, answered by urgency. RFC 9113
///
/// Used on its event loop only. Frames are read and written here and not by channels for each
/// stream: `process` takes what has arrived, `pump` gathers what there is to say into large writes,
/// as fast as the client takes them. Heads and control frames wait in `control`, in the order in
/// which they were encoded, which HPACK needs; bodies are asked for their bytes when it is their turn.
final class HTTP2Connection: ChannelDuplexHandler, LoopConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// For the client's first bytes.
        case preface
        /// For its first frame, which says its settings.
        case settings
        case open
        /// We said that we go, and of which streams we still speak.
        case leaving
        /// Our side is closed, or will be once all is written.
        case lingering
        case closed
    }

    /// A field block that more frames belong to. RFC 9113 §6.10
    struct HeaderBlock {
        let streamID: UInt32
        let flags: HTTP2FrameHeader.Flags
        var bytes: ByteBuffer
        let since: NIODeadline
    }

    let loop: ConnectionLoop
    let scanner: RequestScanner
    var phase = Phase.preface
    var context: ChannelHandlerContext?
    private(set) var peerAddress = "-" {
        didSet { peer = ForwardedAddress.address(peerAddress) ?? IPAddress(ipv4: 0) }
    }
    private(set) var peer = IPAddress(ipv4: 0)
    /// It came over TLS.
    let isSecure: Bool

    // What arrives.
    var input = ByteBuffer()
    var headerBlock: HeaderBlock?
    var decoder: HPACKDecoder
    var receiveWindow = HTTP2ReceiveWindow()
    var flood: HTTP2Flood
    var lastStreamID: UInt32 = 0
    private var isProcessing = false
    private var isReadHeld = false
    /// Frames wait until what they cause to be said has room.
    var isInputHeld = false

    // What is sent.
    var streams: [UInt32: HTTP2Stream] = [:]
    var settings = HTTP2Settings()
    var sendWindow = HTTP2Window()
    var encoder = HPACKHeadEncoder()
    var control = ByteBuffer()
    var turn: UInt64 = 0
    var isPumping = false
    var isPumpDue = false
    /// What the client says has no meaning any more.
    var hasFailed = false
    var hasAnnouncedLeaving = false
    var announcedAt = NIODeadline.now()

    // Time.
    var deadline: NIODeadline
    var writtenBytes = 0
    var progress = (bytes: 0, at: NIODeadline.now())
    var isInputClosed = false
    var isOutputClosed = false

    private let refusal: RefusalReason?
    private let isAnnounced: Bool
    private let onClose: () -> Void

    /// - Parameters:
    ///   - loop: that of the channel.
    ///   - refusal: where set, the connection is told to go and gets no request in.
    ///   - isAnnounced: whether the observer knows of the connection already.
    ///   - isSecure: whether it came over TLS.
    ///   - onClose: called once when the connection is gone.
    init(
        loop: ConnectionLoop,
        refusal: RefusalReason?,
        isAnnounced: Bool = false,
        isSecure: Bool,
        onClose: @escaping () -> Void
    ) {
        self.isAnnounced = isAnnounced
        self.isSecure = isSecure
        self.loop = loop
        self.scanner = RequestScanner(limits: loop.limits, takesAllMethods: loop.takesAllMethods)
        self.decoder = HPACKDecoder(
            allocator: ByteBufferAllocator(),
            maxDynamicTableSize: HPACKDecoder.maxDynamicTableSize,
            // What is only somewhat too large gets an answer that says so.
            maxHeaderListSize: loop.limits.headSizeBytes * 4
        )
        self.flood = HTTP2Flood(loop.limits)
        self.refusal = refusal
        self.onClose = onClose
        self.deadline = .now() + loop.times.head
    }

    // MARK: - Events

    /// The channel is active: TLS, or HTTP/1.1's connection, was here before.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        control.writeSettingsFrame([
            (.maxConcurrentStreams, UInt32(loop.limits.streamCount)),
            (.maxHeaderListSize, UInt32(loop.limits.headSizeBytes)),
            (.noRFC7540Priorities, 1),
        ])
        if let refusal {
            loop.observer.connectionRefused(refusal)
            leave(.noError)
        } else {
            if !isAnnounced { loop.observer.connectionOpened() }
            if let address = context.remoteAddress { peerAddress = address.peerText }
        }
        advance()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch phase {
        case .lingering, .closed: return
        default: break
        }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.discardReadBytes()
            input.writeBuffer(&bytes)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        advance()
    }

    func read(context: ChannelHandlerContext) {
        if input.readableBytes >= loop.limits.pipelinedSizeBytes {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { advance() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ProxiedPeer { return peerAddress = event.address.peerText }
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        isInputClosed = true
        // Nobody sends half a connection over HTTP/2: what is left is nobody's.
        if phase == .lingering, !isOutputClosed { return }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        input = ByteBuffer()
        control = ByteBuffer()
        let unfinished = streams.values
        streams = [:]
        for stream in unfinished { stream.abandon() }
        loop.remove(self)
        if refusal == nil { loop.observer.connectionClosed() }
        onClose()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: - The loop

    /// Takes what has arrived and sends what can be, until neither gets further.
    func advance() {
        guard !isProcessing, !isPumping else { return isPumpDue = true }
        repeat {
            isPumpDue = false
            isProcessing = true
            process()
            isProcessing = false
            pump()
            // There is room again for what further frames cause to be said.
            if isInputHeld, control.readableBytes < loop.limits.pipelinedSizeBytes {
                isPumpDue = true
            }
        } while isPumpDue && context != nil
        if isReadHeld, input.readableBytes < loop.limits.pipelinedSizeBytes {
            isReadHeld = false
            context?.read()
        }
    }
}

extension SocketAddress {
    /// Address and port, as logs have them.
    fileprivate var peerText: String {
        guard let host = ipAddress else { return "-" }
        return host.contains(":") ? "[\(host)]:\(port ?? 0)" : "\(host):\(port ?? 0)"
    }
}
