package import NIOCore

/// Reads one response after another from a connection's bytes, keeping none of a body.
///
/// Used on its connection's event loop.
package struct ResponseReader {
    package enum Progress: Equatable {
        case needsMore
        /// The response is complete; the bytes that follow stay in the buffer.
        case complete
    }

    private enum State {
        case head
        case sized(Int)
        case untilClose
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailers
    }

    /// Of the response that is being read; nil before it is there.
    package private(set) var head: ResponseHead?
    private var state = State.head
    /// Bytes of a head or a line that is not complete yet.
    private var pending: ByteBuffer?

    package init() {}

    /// Whether the end of the connection here is the end of the response.
    package var endsWithConnection: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Takes what `input` holds of the current response.
    package mutating func read(
        _ input: inout ByteBuffer,
        into sink: inout BodySink
    ) throws(ResponseFault) -> Progress {
        if var joined = pending {
            joined.writeBuffer(&input)
            input = joined
            pending = nil
        }
        while true {
            switch state {
            case .head:
                guard try readHead(&input) else { return keep(&input) }
            case .sized(let count):
                let left = count - sink.take(&input, atMost: count)
                guard left == 0 else {
                    state = .sized(left)
                    return try sink.checked(.needsMore)
                }
                return try finish(sink)
            case .untilClose:
                _ = sink.take(&input, atMost: .max)
                return try sink.checked(.needsMore)
            case .chunkSize:
                guard let line = try readLine(&input) else { return keep(&input) }
                let figures = line.prefix { $0 != ";" && $0 != " " }
                guard figures.count <= 8, let size = Int(figures, radix: 16), size >= 0 else {
                    throw .malformedChunk
                }
                state = size == 0 ? .trailers : .chunk(size)
            case .chunk(let count):
                let left = count - sink.take(&input, atMost: count)
                state = left == 0 ? .chunkEnd : .chunk(left)
                if left > 0 { return try sink.checked(.needsMore) }
            case .chunkEnd:
                guard let line = try readLine(&input) else { return keep(&input) }
                guard line.isEmpty else { throw .malformedChunk }
                state = .chunkSize
            case .trailers:
                guard let line = try readLine(&input) else { return keep(&input) }
                if line.isEmpty { return try finish(sink) }
            }
        }
    }

    /// Makes it ready for the next response.
    package mutating func reset() {
        head = nil
        state = .head
    }

    private mutating func finish(_ sink: borrowing BodySink) throws(ResponseFault) -> Progress {
        state = .head
        return try sink.checked(.complete)
    }

    /// Puts the start of a line aside until the rest is here.
    private mutating func keep(_ input: inout ByteBuffer) -> Progress {
        if input.readableBytes > 0 {
            // A copy of its own: the buffer belongs to all connections of the loop.
            pending = ByteBuffer(bytes: input.readableBytesView)
            input.moveReaderIndex(forwardBy: input.readableBytes)
        }
        return .needsMore
    }

    private mutating func readHead(_ input: inout ByteBuffer) throws(ResponseFault) -> Bool {
        guard let count = Self.headSize(input.readableBytesUInt8Span) else {
            guard input.readableBytes <= CrowdLimits.headSizeBytes else { throw .headTooLarge }
            return false
        }
        guard count <= CrowdLimits.headSizeBytes else { throw .headTooLarge }
        let head = try ResponseHead(input.readableBytesUInt8Span.extracting(0..<count - 4))
        input.moveReaderIndex(forwardBy: count)
        // An interim response; the real one follows.
        guard head.status / 100 != 1 else { return true }
        self.head = head
        switch head.framing {
        case .sized(let size): state = .sized(size)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
        return true
    }

    /// Bytes up to and with the empty line.
    static func headSize(_ bytes: Span<UInt8>) -> Int? {
        var index = 3
        while index < bytes.count {
            switch bytes[index] {
            case 10:
                if bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 {
                    return index + 1
                }
                index += 2
            case 13: index += 1
            default: index += 4
            }
        }
        return nil
    }

    private func readLine(_ input: inout ByteBuffer) throws(ResponseFault) -> String? {
        guard let end = input.readableBytesView.firstIndex(of: 10) else {
            guard input.readableBytes <= CrowdLimits.lineSizeBytes else { throw .malformedChunk }
            return nil
        }
        let count = end - input.readerIndex
        guard count <= CrowdLimits.lineSizeBytes, let line = input.readString(length: count) else {
            throw .malformedChunk
        }
        input.moveReaderIndex(forwardBy: 1)
        return line.last == "\r" ? String(line.dropLast()) : line
    }
}
