import NIOCore
import NIOSSL

/// A connection to an origin: sends one call's request, reads its answer, then serves the next.
///
/// Used on its event loop only. The socket is read by our own requests alone, and always while the
/// connection is idle: what comes then, even its end, makes it useless.
final class UpstreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let hasSlot: Bool
    let openedAt = NIODeadline.now()
    /// When it was last given back.
    var idleSince = NIODeadline.now()

    private let pool: OriginPool
    private let limits: UpstreamLimits
    private var parser: ResponseParser
    private var context: ChannelHandlerContext?
    private var exchange: UpstreamExchange?
    private var isClosing = false
    /// The pool counts it among its own, until it is gone.
    private var isCounted = false
    private var isReadRequested = false
    /// A handshake, where there is one, is done: what was written went out.
    private var isEstablished = false
    private var servedCount = 0
    private var readSizeBytes: Int
    private var bodySizeBytes = 0
    private var error: (any Error)?

    init(pool: OriginPool, hasSlot: Bool) {
        self.pool = pool
        self.hasSlot = hasSlot
        limits = pool.loop.limits
        parser = ResponseParser(limits: limits)
        readSizeBytes = limits.smallReadSizeBytes
    }

    var isOpen: Bool { context != nil && !isClosing }

    /// The pool has it from now on, and is told when it is gone.
    func enterPool() {
        isCounted = true
    }

    // MARK: - For calls

    /// Sends a call's request and reads its answer.
    func run(_ exchange: UpstreamExchange) {
        guard let context, !isClosing else { return exchange.connectionLost(.closed) }
        let origin = pool.origin
        let writer = RequestWriter(
            origin: origin.url,
            configuration: origin.settings.configuration,
            closes: exchange.isCheck
        )
        let request = exchange.request
        guard let head = writer.head(request) else {
            exchange.fail(.malformed, blamesOrigin: false)
            read()
            return pool.giveBack(self)
        }
        self.exchange = exchange
        bodySizeBytes = 0
        parser.begin(.init(isHead: request.method == "HEAD", isUpgrade: request.isUpgrade))
        exchange.attach(self, isReused: servedCount > 0)
        servedCount += 1
        if isEstablished || origin.url.scheme != .https {
            isEstablished = true
            context.write(wrapOutboundOut(head), promise: nil)
            exchange.connected()
        } else {
            // Written once the handshake is done, and so the way to know of it.
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess {
                self.isEstablished = true
                self.exchange?.connected()
            }
            context.write(wrapOutboundOut(head), promise: written)
        }
        context.flush()
        read()
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ bytes: [ByteBuffer]) {
        guard let context else { return }
        for buffer in bytes { context.write(wrapOutboundOut(buffer), promise: nil) }
        context.flush()
    }

    /// Tells the origin that nothing more will come.
    func closeOutput() {
        context?.close(mode: .output, promise: nil)
    }

    /// Reads on, after the call's receiver did not want more for a while.
    func resume() {
        read()
    }

    /// The call is over before its answer is.
    func abandon() {
        exchange = nil
        close()
    }

    func close() {
        guard !isClosing else { return }
        isClosing = true
        context?.close(promise: nil)
    }

    // MARK: - Events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else { return close() }
        exchange.noteRead()
        let bytes = unwrapInboundIn(data)
        parser.feed(bytes)
        do throws(ResponseFault) {
            while self.exchange === exchange, let event = try parser.next() {
                handle(event, exchange)
            }
        } catch {
            self.exchange = nil
            close()
            exchange.fail(.malformed)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadRequested = false
        if exchange?.isReading ?? true { read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isEstablished { exchange?.becameWritable() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.error == nil { self.error = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
    }

    /// All that is heard of a channel that was closed just as it was connected: where its call was
    /// over by then, or failed with its first bytes.
    func channelUnregistered(context: ChannelHandlerContext) {
        leave()
    }

    private func leave() {
        isClosing = true
        guard isCounted else { return }
        isCounted = false
        pool.closed(self)
        guard let exchange else { return }
        self.exchange = nil
        // An end that was not announced may be an attacker's. RFC 9112 §9.8
        if error == nil, parser.state == .switched || (try? parser.finish()) != nil {
            exchange.complete()
        } else {
            let isRefusal = error is NIOSSLError && !exchange.hasAnswer && servedCount == 1
            exchange.connectionLost(isEstablished && !isRefusal ? .closed : .cannotConnect)
        }
    }

    // MARK: - Reading

    private func read() {
        guard !isReadRequested, let context else { return }
        isReadRequested = true
        context.read()
    }

    private func handle(_ event: ResponseParser.Event, _ exchange: UpstreamExchange) {
        switch event {
        case .interim(let head):
            exchange.interim(head)
        case .head(let head):
            if case .sized(let sizeBytes) = head.framing { fitReads(to: sizeBytes) }
            exchange.head(head)
        case .body(let slice):
            bodySizeBytes += slice.readableBytes
            if bodySizeBytes >= limits.largeReadSizeBytes { fitReads(to: .max) }
            exchange.body(compact(slice))
        case .end:
            finish(exchange)
        }
    }

    private func finish(_ exchange: UpstreamExchange) {
        self.exchange = nil
        let isReusable =
            parser.keepsAlive && !parser.hasLeftover && exchange.isRequestSent
            && !exchange.isCheck && !isClosing
        if isReusable {
            fitReads(to: 0)
            read()
            pool.giveBack(self)
        } else {
            close()
        }
        exchange.complete()
    }

    /// Small answers are read into little memory, large ones with few system calls.
    private func fitReads(to sizeBytes: UInt64) {
        let wanted =
            sizeBytes <= UInt64(limits.smallReadSizeBytes)
            ? limits.smallReadSizeBytes : limits.largeReadSizeBytes
        guard wanted != readSizeBytes, let context else { return }
        readSizeBytes = wanted
        try? context.channel.syncOptions?.setOption(
            .recvAllocator,
            value: FixedSizeRecvByteBufferAllocator(capacity: wanted)
        )
    }

    private func compact(_ slice: ByteBuffer) -> ByteBuffer {
        let sizeBytes = slice.readableBytes
        guard sizeBytes < slice.storageCapacity / limits.sparseSliceDivisor else { return slice }
        var copy = ByteBufferAllocator().buffer(capacity: sizeBytes)
        copy.writeImmutableBuffer(slice)
        return copy
    }
}
