import NIOCore

/// Hands an HTTP/1.1 connection's bytes to TLS as fast as the client takes them, in small groups.
///
/// `NIOSSLHandler` encrypts all that it is given at once, and keeps the largest buffer that it ever
/// needed for that for as long as the connection lasts. So it gets a group at a time, as large as
/// fits that buffer while it is small, and the next one when the socket has room for it. Small
/// writes that follow each other share a group's copy and so a record.
///
/// Used on the connection's event loop only.
final class TLSPacer: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    private var waiting: CircularBuffer<(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)> = []
    private var closing: (mode: CloseMode, promise: EventLoopPromise<Void>?)?
    private var isPumping = false
    /// Bytes that TLS was not given yet.
    private(set) var waitingBytes = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(let bytes) = unwrapOutboundIn(data) else {
            // The kernel cannot encrypt a file's bytes on their way.
            promise?.fail(ChannelError.operationUnsupported)
            return
        }
        waiting.append((bytes, promise))
        waitingBytes += bytes.readableBytes
    }

    func flush(context: ChannelHandlerContext) {
        pump(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pump(context)
        context.fireChannelWritabilityChanged()
    }

    /// Our side's end comes behind what is written; the end of all does not wait.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard case .output = mode, !waiting.isEmpty else {
            failWaiting()
            return context.close(mode: mode, promise: promise)
        }
        closing = (mode, promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failWaiting()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        failWaiting()
    }

    private func failWaiting() {
        waitingBytes = 0
        while let (_, promise) = waiting.popFirst() {
            promise?.fail(ChannelError.ioOnClosedChannel)
        }
        closing?.promise?.fail(ChannelError.ioOnClosedChannel)
        closing = nil
    }

    private func pump(_ context: ChannelHandlerContext) {
        guard !isPumping else { return }
        isPumping = true
        while !waiting.isEmpty, context.channel.isWritable { writeGroup(context) }
        isPumping = false
        if waiting.isEmpty, let (mode, promise) = closing {
            closing = nil
            context.close(mode: mode, promise: promise)
        }
    }

    private func writeGroup(_ context: ChannelHandlerContext) {
        var room = TLSGroup.sizeBytes
        var small = ByteBuffer()
        var smallPromise: EventLoopPromise<Void>?
        func writeSmall() {
            guard small.readableBytes > 0 || smallPromise != nil else { return }
            context.write(wrapOutboundOut(small), promise: smallPromise)
            small = ByteBuffer()
            smallPromise = nil
        }
        while room > 0, var (bytes, promise) = waiting.popFirst() {
            var part = bytes
            if bytes.readableBytes > room, let slice = bytes.readSlice(length: room) {
                part = slice
                waiting.prepend((bytes, promise))
                promise = nil
            }
            room -= part.readableBytes
            waitingBytes -= part.readableBytes
            if part.readableBytes < Self.copiedSizeBytes {
                if small.readableBytes == 0 { small = part } else { small.writeBuffer(&part) }
                if let promise {
                    smallPromise = promise
                    writeSmall()
                }
            } else {
                writeSmall()
                context.write(wrapOutboundOut(part), promise: promise)
            }
        }
        writeSmall()
        context.flush()
    }

    private static let copiedSizeBytes = 4096
}

/// How much TLS is given at a time.
enum TLSGroup {
    /// Its ciphertext fits 64 KiB: four records, each with 22 bytes around it. RFC 8446 §5.2
    static let sizeBytes = 64 * 1024 - 4 * 22
    /// One group on its way leaves the socket writable, so that it does not change back and forth
    /// with each; two do not.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 32 << 10, high: 96 << 10)
}
