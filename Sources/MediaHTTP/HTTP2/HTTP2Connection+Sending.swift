import NIOCore

/// What goes to the client, and in which order.
extension HTTP2Connection {
    /// Sends all that can be sent now, in groups, as long as the client takes them.
    func pump() {
        guard !isPumping, let context, phase != .closed else { return }
        isPumping = true
        var sentBytes = 0
        while context.channel.isWritable {
            gather()
            let count = loop.frames.readableBytes
            guard count > 0 else {
                if control.readableBytes > 0 { continue }
                break
            }
            if writtenBytes == takenBytes { progress.at = .now() }
            writtenBytes += count
            sentBytes += count
            context.write(wrapOutboundOut(loop.frames), promise: nil)
            context.flush()
            if sentBytes >= loop.limits.turnSizeBytes {
                let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
                loop.eventLoop.execute { connection.value.advance() }
                break
            }
        }
        isPumping = false
        if case .leaving = phase, streams.isEmpty, control.readableBytes == 0 {
            closeGracefully()
        }
    }

    /// The next group: what is encoded already, then bodies by urgency.
    private func gather() {
        loop.frames.clear(minimumCapacity: TLSGroup.sizeBytes)
        if control.readableBytes > 0 {
            loop.frames.writeBuffer(&control)
            control = ByteBuffer()
        }
        var last: HTTP2Stream?
        // A body that could not be read has become an error, whose head goes first in the next group.
        while TLSGroup.sizeBytes - loop.frames.readableBytes >= Self.smallestRoomBytes,
            control.readableBytes == 0
        {
            // Nothing more urgent comes up in between.
            let again = last.flatMap { !$0.priority.isIncremental && canSend($0) ? $0 : nil }
            guard let stream = again ?? nextStream() else { return }
            turn &+= 1
            stream.servedAt = turn
            write(stream)
            last = stream
        }
    }

    /// Smaller frames than this are not worth their headers, so the next group has them.
    private static let smallestRoomBytes = 1024

    /// One frame of a stream's body, and before the first one its head, where that waits for it.
    private func write(_ stream: HTTP2Stream) {
        if stream.pendingHead != nil {
            // A client that takes no bytes yet gets the head all the same.
            let canSend = sendableBytes(stream) > 0
            if canSend, let obstacle = stream.prepareBody() { return stream.meet(obstacle) }
            stream.writePendingHead(to: &loop.frames)
            guard canSend else { return }
        }
        let start = loop.frames.writerIndex
        // Behind a long head there may be less room than was thought.
        let room = max(TLSGroup.sizeBytes - start, Self.smallestRoomBytes)
        let count = min(
            room - HTTP2FrameHeader.sizeBytes,
            settings.framePayloadSizeBytes,
            max(sendableBytes(stream), 0)
        )
        loop.frames.moveWriterIndex(forwardBy: HTTP2FrameHeader.sizeBytes)
        switch stream.writeBody(atMost: count, to: &loop.frames) {
        case .wrote(let isLast):
            let written = loop.frames.writerIndex - start - HTTP2FrameHeader.sizeBytes
            setFrameHeader(stream.id, written, isLast: isLast, at: start)
            sendWindow.take(written)
            stream.sent(written, isLast: isLast)
        case .obstacle(let obstacle):
            loop.frames.moveWriterIndex(to: start)
            stream.meet(obstacle)
        }
    }

    private func setFrameHeader(_ streamID: UInt32, _ count: Int, isLast: Bool, at index: Int) {
        let word = UInt32(truncatingIfNeeded: count) << 8 | UInt32(HTTP2FrameHeader.Kind.data)
        let flags: HTTP2FrameHeader.Flags = isLast ? .endStream : []
        loop.frames.setInteger(word, at: index)
        loop.frames.setInteger(flags.rawValue, at: index + 4)
        loop.frames.setInteger(streamID, at: index + 5)
    }

    private func canSend(_ stream: HTTP2Stream) -> Bool {
        stream.isReady && (sendableBytes(stream) > 0 || stream.needsNoWindow)
    }

    private func sendableBytes(_ stream: HTTP2Stream) -> Int {
        min(stream.sendWindow.bytes, sendWindow.bytes)
    }

    /// The most urgent stream that has something to send and may. RFC 9218 §10
    private func nextStream() -> HTTP2Stream? {
        var best: HTTP2Stream?
        for stream in streams.values where canSend(stream) {
            guard let current = best else {
                best = stream
                continue
            }
            if stream.goesBefore(current, turn: turn) { best = stream }
        }
        return best
    }

    // MARK: - Heads

    /// Encoded where it stands in the order of all that is sent.
    func writeHead(
        _ head: ByteBuffer,
        of stream: HTTP2Stream,
        isLast: Bool,
        to buffer: inout ByteBuffer
    ) {
        let start = buffer.writerIndex
        buffer.writeFrameHeader(
            HTTP2FrameHeader(
                payloadSizeBytes: 0,
                kind: HTTP2FrameHeader.Kind.headers,
                flags: isLast ? [.endHeaders, .endStream] : .endHeaders,
                streamID: stream.id
            )
        )
        encoder.encode(head, urgency: stream.announcedUrgency, to: &buffer)
        let count = buffer.writerIndex - start - HTTP2FrameHeader.sizeBytes
        stream.exchange.bytesSent += UInt64(count)
        guard count <= settings.framePayloadSizeBytes else {
            return splitHead(of: stream, isLast: isLast, at: start, &buffer)
        }
        let word = UInt32(truncatingIfNeeded: count) << 8
        buffer.setInteger(word | UInt32(HTTP2FrameHeader.Kind.headers), at: start)
    }
    /// A relayed answer's fields may be more than one frame holds. RFC 9113 §6.10
    private func splitHead(
        of stream: HTTP2Stream,
        isLast: Bool,
        at start: Int,
        _ buffer: inout ByteBuffer
    ) {
        let blockStart = start + HTTP2FrameHeader.sizeBytes
        let length = buffer.writerIndex - blockStart
        var block = ByteBuffer(bytes: buffer.getBytes(at: blockStart, length: length) ?? [])
        buffer.moveWriterIndex(to: start)
        var kind = HTTP2FrameHeader.Kind.headers
        while let slice = block.readSlice(
            length: min(block.readableBytes, settings.framePayloadSizeBytes)
        ), slice.readableBytes > 0 {
            var flags: HTTP2FrameHeader.Flags = block.readableBytes == 0 ? .endHeaders : []
            if isLast, kind == HTTP2FrameHeader.Kind.headers { flags.insert(.endStream) }
            buffer.writeFrameHeader(
                HTTP2FrameHeader(
                    payloadSizeBytes: slice.readableBytes,
                    kind: kind,
                    flags: flags,
                    streamID: stream.id
                )
            )
            buffer.writeImmutableBuffer(slice)
            kind = HTTP2FrameHeader.Kind.continuation
        }
    }
}
