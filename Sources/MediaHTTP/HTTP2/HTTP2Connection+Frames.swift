import NIOCore
import NIOHPACK

/// From bytes to what they ask for. RFC 9113 §4, §6
extension HTTP2Connection {
    private typealias Kind = HTTP2FrameHeader.Kind

    /// Takes all whole frames that have arrived, while there is room for what they cause to be said.
    func process() {
        do throws(HTTP2Fault) {
            guard !hasFailed, try takePreface() else { return }
            while control.readableBytes < loop.limits.pipelinedSizeBytes, let header = nextHeader()
            {
                guard header.payloadSizeBytes <= HTTP2FrameHeader.standardPayloadSizeBytes else {
                    throw .connection(.frameSizeError)
                }
                let sizeBytes = HTTP2FrameHeader.sizeBytes + header.payloadSizeBytes
                guard var payload = input.readSlice(length: sizeBytes) else { break }
                payload.moveReaderIndex(forwardBy: HTTP2FrameHeader.sizeBytes)
                try takeFrame(header, payload)
            }
        } catch {
            switch error {
            case .connection(let code), .stream(_, let code): fail(code)
            }
        }
        if input.readableBytes == 0 { input = ByteBuffer() }
        isInputHeld =
            input.readableBytes > 0 && control.readableBytes >= loop.limits.pipelinedSizeBytes
    }

    private func nextHeader() -> HTTP2FrameHeader? {
        guard !hasFailed else { return nil }
        return switch phase {
        case .settings, .open, .leaving: input.peekFrameHeader()
        case .preface, .lingering, .closed: nil
        }
    }

    private func takePreface() throws(HTTP2Fault) -> Bool {
        guard phase == .preface else { return true }
        let expected = HTTP2Preface.bytes
        let count = min(expected.count, input.readableBytes)
        guard input.readableBytesView.prefix(count).elementsEqual(expected[..<count]) else {
            throw .connection(.protocolError)
        }
        guard count == expected.count else { return false }
        input.moveReaderIndex(forwardBy: count)
        phase = .settings
        return true
    }

    /// A fault of a stream ends the stream, and too many of them the connection.
    private func takeFrame(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        do throws(HTTP2Fault) {
            try take(header, payload)
        } catch {
            guard case .stream(let streamID, let code) = error else { throw error }
            try flood.count(.reset)
            if let stream = streams[streamID] {
                stream.reset(code)
            } else {
                control.writeResetFrame(code, streamID: streamID)
            }
        }
    }

    private func take(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Fault) {
        if phase == .settings {
            guard header.kind == Kind.settings, !header.flags.contains(.acknowledgement) else {
                throw .connection(.protocolError)
            }
            phase = .open
            deadline = .now() + loop.times.idle
        }
        // Nothing may come between the frames of a field block. §6.10
        guard (headerBlock != nil) == (header.kind == Kind.continuation) else {
            throw .connection(.protocolError)
        }
        switch header.kind {
        case Kind.data: try takeData(header, payload)
        case Kind.headers: try takeHeaders(header, payload)
        case Kind.continuation: try takeContinuation(header, payload)
        case Kind.resetStream: try takeReset(header, payload)
        case Kind.settings: try takeSettings(header, payload)
        case Kind.pushPromise: throw .connection(.protocolError)
        case Kind.ping: try takePing(header, payload)
        case Kind.windowUpdate: try takeWindowUpdate(header, payload)
        case Kind.goAway:
            guard header.streamID == 0 else { throw .connection(.protocolError) }
            guard payload.readableBytes >= 8 else { throw .connection(.frameSizeError) }
            // It asks for nothing more, and leaves when it has its answers.
            leave(.noError)
        case Kind.priority:
            try flood.count(.control)
            guard header.streamID != 0 else { throw .connection(.protocolError) }
            guard payload.readableBytes == 5 else {
                throw .stream(header.streamID, .frameSizeError)
            }
        case Kind.priorityUpdate: try takePriorityUpdate(header, payload)
        default: try flood.count(.control)
        }
    }

    // MARK: - Requests

    private func takeHeaders(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        guard header.streamID & 1 == 1 else { throw .connection(.protocolError) }
        var payload = try withoutPadding(header, payload)
        if header.flags.contains(.priority) {
            // The old priorities, which we said not to use; RFC 9218 has others.
            guard payload.readableBytes >= 5 else { throw .connection(.frameSizeError) }
            payload.moveReaderIndex(forwardBy: 5)
        }
        let block = HeaderBlock(
            streamID: header.streamID,
            flags: header.flags,
            bytes: payload,
            since: .now()
        )
        if header.flags.contains(.endHeaders) {
            try takeBlock(block)
        } else {
            headerBlock = block
        }
    }

    private func takeContinuation(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        guard var block = headerBlock, block.streamID == header.streamID else {
            throw .connection(.protocolError)
        }
        // CVE-2024-27316: there is an end to their number and to their size.
        try flood.count(.control)
        block.bytes.writeImmutableBuffer(payload)
        guard block.bytes.readableBytes <= loop.limits.headSizeBytes else {
            throw .connection(.enhanceYourCalm)
        }
        headerBlock = block
        guard header.flags.contains(.endHeaders) else { return }
        headerBlock = nil
        try takeBlock(block)
    }

    /// Decoded in any case, for what it puts into the table.
    private func takeBlock(_ block: HeaderBlock) throws(HTTP2Fault) {
        var bytes = block.bytes
        let fields: HPACKHeaders
        do {
            fields = try decoder.decodeHeaders(from: &bytes)
        } catch is NIOHPACKErrors.MaxHeaderListSizeViolation {
            throw .connection(.enhanceYourCalm)
        } catch {
            throw .connection(.compressionError)
        }
        let isEnd = block.flags.contains(.endStream)
        if block.streamID > lastStreamID {
            lastStreamID = block.streamID
            guard phase == .open else { return }
            guard streams.count < loop.limits.streamCount else {
                throw .stream(block.streamID, .refusedStream)
            }
            try begin(fields, streamID: block.streamID, isEnd: isEnd)
        } else if let stream = streams[block.streamID] {
            guard !stream.isInputOver else { throw .stream(block.streamID, .streamClosed) }
            guard isEnd, !fields.contains(where: { $0.name.utf8.first == ASCII.colon }) else {
                throw .stream(block.streamID, .protocolError)
            }
            try stream.endInput()
        } else {
            throw .stream(block.streamID, .streamClosed)
        }
    }

    private func takeData(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Fault) {
        let count = payload.readableBytes
        guard header.streamID != 0, header.streamID <= lastStreamID else {
            throw .connection(.protocolError)
        }
        guard receiveWindow.receive(count) else { throw .connection(.flowControlError) }
        // The connection's window is for all streams, so no one of them may hold it.
        if let increment = receiveWindow.use(count) {
            control.writeWindowUpdateFrame(increment, streamID: 0)
        }
        let bytes = try withoutPadding(header, payload)
        let isEnd = header.flags.contains(.endStream)
        if bytes.readableBytes == 0, !isEnd { try flood.count(.control) }
        guard let stream = streams[header.streamID], !stream.isInputOver else {
            throw .stream(header.streamID, .streamClosed)
        }
        try stream.take(bytes, frameSizeBytes: count)
        if isEnd { try stream.endInput() }
    }

    private func withoutPadding(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) -> ByteBuffer {
        guard header.flags.contains(.padded) else { return payload }
        var payload = payload
        guard let padding = payload.readInteger(as: UInt8.self),
            let bytes = payload.readSlice(length: payload.readableBytes - Int(padding))
        else { throw .connection(.protocolError) }
        return bytes
    }

    // MARK: - Control

    private func takeReset(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Fault) {
        guard header.streamID != 0, header.streamID <= lastStreamID else {
            throw .connection(.protocolError)
        }
        guard payload.readableBytes == 4 else { throw .connection(.frameSizeError) }
        try flood.count(.reset)
        streams[header.streamID]?.wasReset()
    }

    private func takeSettings(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        guard header.streamID == 0 else { throw .connection(.protocolError) }
        if header.flags.contains(.acknowledgement) {
            guard payload.readableBytes == 0 else { throw .connection(.frameSizeError) }
            return
        }
        guard payload.readableBytes % HTTP2Settings.entrySizeBytes == 0 else {
            throw .connection(.frameSizeError)
        }
        try flood.count(.control)
        let old = settings
        try settings.apply(payload)
        if settings.headerTableSizeBytes != old.headerTableSizeBytes {
            encoder.setTableSize(settings.headerTableSizeBytes)
        }
        let change = settings.initialWindowBytes - old.initialWindowBytes
        if change != 0 {
            for stream in streams.values {
                guard stream.sendWindow.add(change) else { throw .connection(.flowControlError) }
            }
        }
        control.writeSettingsFrame([])
    }

    private func takePing(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Fault) {
        guard header.streamID == 0 else { throw .connection(.protocolError) }
        guard payload.readableBytes == 8,
            let data = payload.getInteger(at: payload.readerIndex, as: UInt64.self)
        else { throw .connection(.frameSizeError) }
        try flood.count(.control)
        if !header.flags.contains(.acknowledgement) {
            control.writePingFrame(data, isAcknowledgement: true)
        } else if hasAnnouncedLeaving {
            leave(.noError)
        }
    }

    private func takeWindowUpdate(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        guard payload.readableBytes == 4,
            let word = payload.getInteger(at: payload.readerIndex, as: UInt32.self)
        else { throw .connection(.frameSizeError) }
        let increment = Int(word & 0x7FFF_FFFF)
        if header.streamID == 0 {
            guard increment > 0 else { throw .connection(.protocolError) }
            guard sendWindow.add(increment) else { throw .connection(.flowControlError) }
            return
        }
        guard header.streamID <= lastStreamID else { throw .connection(.protocolError) }
        // One for a stream that has just ended is usual.
        guard let stream = streams[header.streamID] else { return }
        guard increment > 0 else { throw .stream(header.streamID, .protocolError) }
        guard stream.sendWindow.add(increment) else {
            throw .stream(header.streamID, .flowControlError)
        }
    }

    /// RFC 9218 §7.1; for a stream that is not open it is passed over, as it may be.
    private func takePriorityUpdate(
        _ header: HTTP2FrameHeader,
        _ payload: ByteBuffer
    ) throws(HTTP2Fault) {
        try flood.count(.control)
        var payload = payload
        guard header.streamID == 0 else { throw .connection(.protocolError) }
        guard let word = payload.readInteger(as: UInt32.self) else {
            throw .connection(.frameSizeError)
        }
        streams[word & 0x7FFF_FFFF]?.priority.apply(String(buffer: payload))
    }
}
