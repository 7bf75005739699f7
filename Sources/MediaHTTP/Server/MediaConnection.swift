import NIOCore
import Platform

/// One client's connection: reads requests, answers them one after another.
///
/// Used on its event loop only. `phase` says what it waits for; while an answer is under way,
/// further requests stay unread in `input`, and the socket is not read once that is large. All
/// work goes through `advance`, which is never entered twice: what completes inside it only
/// changes `phase`, and the loop there goes on.
final class MediaConnection: ChannelDuplexHandler, RemovableChannelHandler, LoopConnection,
    MemoryWaiter
{
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    enum Phase {
        /// For a head, or the rest of one.
        case reading
        /// For a handler's future, or for a text's compression on a thread.
        case waiting(Exchange)
        /// For piece memory.
        case waitingForMemory(Exchange, Delivery)
        /// For a thread that reads or transforms.
        case preparing(Exchange)
        /// For the kernel to take what was written.
        case sending(Exchange, Delivery?)
        /// For a source's next bytes, or for the kernel to take those it had.
        case streaming(Exchange, SourceDelivery)
        /// For a relay, or for the client whose exchange it took over.
        case relaying(RelayedExchange)
        /// For the client to close its side; ours is closed, or will be once all is written.
        case lingering
        case closed
    }

    let loop: ConnectionLoop
    let scanner: RequestScanner
    var phase = Phase.reading
    var input = ByteBuffer()
    /// Bytes of a request's body that are dropped before the next head.
    var bodyBytesToSkip: UInt64 = 0
    /// The same for a body in chunks.
    var chunksToSkip: SkippedChunks?
    var context: ChannelHandlerContext?
    private(set) var peerAddress = "-" {
        didSet { peer = ForwardedAddress.address(peerAddress) ?? IPAddress(ipv4: 0) }
    }
    private(set) var peer = IPAddress(ipv4: 0)
    /// The client's bytes come through TLS.
    var isSecure: Bool { pacer != nil }

    /// Something happened after which `advance` may get further.
    var canAdvance = false
    var needsFlush = false
    private var isAdvancing = false
    private var isAdvanceScheduled = false
    private var isReadHeld = false
    /// Some bytes of the next head are here, and `deadline` is for the rest.
    var isHeadStarted = false
    var isInputClosed = false
    var isOutputClosed = false
    /// At the head of the queue for memory, trying again.
    var isMemoryWaiter = false

    /// When `phase` has lasted too long, where it is a matter of the clock alone.
    var deadline: NIODeadline
    /// Bytes written so far, whether or not the kernel has taken them.
    var writtenBytes = 0
    /// Bytes that the kernel had taken, and when that last changed.
    var progress = (bytes: 0, at: NIODeadline.now())

    /// Where bytes go through TLS.
    let pacer: TLSPacer?
    private let refusal: RefusalReason?
    private let onClose: () -> Void
    private var isStarted = false
    private var hasRead = false

    /// - Parameters:
    ///   - loop: that of the channel.
    ///   - refusal: where set, the connection is told so and gets no request in.
    ///   - pacer: where set, files cannot be sent by the kernel, and what it holds is not sent yet.
    ///   - onClose: called once when the connection is gone.
    init(
        loop: ConnectionLoop,
        refusal: RefusalReason?,
        pacer: TLSPacer? = nil,
        onClose: @escaping () -> Void
    ) {
        self.loop = loop
        self.pacer = pacer
        self.scanner = RequestScanner(
            limits: loop.limits,
            takesAllMethods: loop.takesAllMethods
        )
        self.refusal = refusal
        self.onClose = onClose
        self.deadline = .now() + loop.times.head
    }

    // MARK: - Events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Behind TLS, the channel was active long before.
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
    }

    private func start(_ context: ChannelHandlerContext) {
        guard !isStarted else { return }
        isStarted = true
        loop.add(self)
        if let refusal {
            loop.observer.connectionRefused(refusal)
            refuseConnection()
        } else {
            loop.observer.connectionOpened()
            if let address = context.remoteAddress {
                peerAddress = Self.text(address)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if !hasRead {
            hasRead = true
            if refusal == nil, HTTP2Preface.begins(bytes) { return switchToHTTP2(context, bytes) }
        }
        switch phase {
        case .lingering, .closed: return
        default: break
        }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            // A client whose requests never end where its packets do would make it grow for ever.
            if input.readerIndex >= loop.limits.headSizeBytes { input.discardReadBytes() }
            input.writeBuffer(&bytes)
        }
        canAdvance = true
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
        if context.channel.isWritable {
            canAdvance = true
            advance()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ProxiedPeer { return peerAddress = Self.text(event.address) }
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        isInputClosed = true
        canAdvance = true
        advance()
    }

    /// The client knew beforehand that HTTP/2 is spoken here. RFC 9113 §3.3
    private func switchToHTTP2(_ context: ChannelHandlerContext, _ bytes: ByteBuffer) {
        let connection = HTTP2Connection(
            loop: loop,
            refusal: nil,
            isAnnounced: true,
            isSecure: isSecure,
            onClose: onClose
        )
        phase = .closed
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(connection, position: .after(self))
        } catch {
            return context.close(promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        loop.remove(self)
        pipeline.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        loop.remove(self)
        if refusal == nil, isStarted { loop.observer.connectionClosed() }
        onClose()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is ProxyProtocolError { loop.observer.connectionRefused(.proxyHeader) }
        context.close(promise: nil)
    }

    // MARK: - The loop

    /// Does all that can be done now, then flushes it in one go.
    func advance() {
        guard !isAdvancing, let context else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while canAdvance || needsFlush {
            canAdvance = false
            advanceOnce()
            if needsFlush {
                needsFlush = false
                context.flush()
            }
        }
        if isReadHeld, input.readableBytes < loop.limits.pipelinedSizeBytes {
            isReadHeld = false
            context.read()
        }
    }

    /// Advances once the event loop is done with what it is at.
    ///
    /// For calls from other channels' handlers: whatever they send in one go is flushed in one go,
    /// and the next request does not begin inside them.
    func advanceSoon() {
        guard !isAdvancing else { return canAdvance = true }
        guard !isAdvanceScheduled else { return }
        isAdvanceScheduled = true
        loop.eventLoop.assumeIsolated().execute {
            self.isAdvanceScheduled = false
            self.canAdvance = true
            self.advance()
        }
    }

    private func advanceOnce() {
        switch phase {
        case .reading:
            readRequests()
        case .sending(let exchange, let delivery):
            // The piece is on its way, or has been taken and the next one is due.
            if let delivery, !delivery.isInFlight {
                phase = .preparing(exchange)
                sendPiece(exchange, delivery)
            }
        case .lingering:
            if isInputClosed, isOutputClosed { context?.close(promise: nil) }
        case .streaming(let exchange, let delivery):
            sendFromSource(exchange, delivery)
        case .relaying(let relayed):
            relayed.advance()
        case .waiting, .waitingForMemory, .preparing, .closed:
            break
        }
    }

    private static func text(_ address: SocketAddress) -> String {
        let port = address.port ?? 0
        guard let host = address.ipAddress else { return "-" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
