import NIOCore

/// Where a chunked body stands. RFC 9112 §7.1
///
/// Framing is read byte by byte and leaves nothing behind, so that a chunk's bytes never have to be
/// moved to meet the rest of a line.
struct ChunkedBody: Hashable {
    private enum State: Hashable {
        case size(digitCount: Int, value: UInt64)
        /// Of `sizeBytes` so far; dropped.
        case sizeExtension(sizeBytes: Int, value: UInt64)
        case sizeLineFeed(value: UInt64)
        case data(remaining: UInt64)
        case dataReturn
        case dataLineFeed
        case trailers(TrailerLine)
        case complete
    }

    private enum TrailerLine: Hashable {
        case start
        case inside
        /// A CR was seen; `isEmpty` where it is all of the line.
        case lineFeed(isEmpty: Bool)
    }

    private var state = State.size(digitCount: 0, value: 0)
    private var trailerSizeBytes = 0

    var isComplete: Bool { state == .complete }

    /// Takes framing, and the next run of a chunk's bytes where there is one.
    mutating func take(
        from input: inout ByteBuffer,
        limits: UpstreamLimits
    ) throws(ResponseFault) -> ByteBuffer? {
        while !isComplete, input.readableBytes > 0 {
            if case .data(let remaining) = state {
                let count = Int(min(remaining, UInt64(input.readableBytes)))
                let left = remaining - UInt64(count)
                state = left == 0 ? .dataReturn : .data(remaining: left)
                return input.readSlice(length: count)
            }
            guard let byte = input.readInteger(as: UInt8.self) else { return nil }
            try takeFraming(byte, limits)
        }
        return nil
    }

    private mutating func takeFraming(
        _ byte: UInt8,
        _ limits: UpstreamLimits
    ) throws(ResponseFault) {
        switch state {
        case .size(let digitCount, let value):
            try takeSize(byte, digitCount, value, limits)
        case .sizeExtension(let sizeBytes, let value):
            if byte == HTTPOctets.carriageReturn {
                state = .sizeLineFeed(value: value)
            } else {
                guard HTTPOctets.isFieldValue(byte), sizeBytes < limits.chunkExtensionSizeBytes
                else { throw .badChunk }
                state = .sizeExtension(sizeBytes: sizeBytes + 1, value: value)
            }
        case .sizeLineFeed(let value):
            guard byte == HTTPOctets.lineFeed else { throw .badChunk }
            state = value == 0 ? .trailers(.start) : .data(remaining: value)
        case .dataReturn:
            guard byte == HTTPOctets.carriageReturn else { throw .badChunk }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == HTTPOctets.lineFeed else { throw .badChunk }
            state = .size(digitCount: 0, value: 0)
        case .trailers(let line):
            trailerSizeBytes += 1
            guard trailerSizeBytes <= limits.trailerSizeBytes else { throw .trailersTooLarge }
            try takeTrailer(byte, line)
        case .data, .complete: break
        }
    }

    private mutating func takeSize(
        _ byte: UInt8,
        _ digitCount: Int,
        _ value: UInt64,
        _ limits: UpstreamLimits
    ) throws(ResponseFault) {
        if let digit = HTTPOctets.hexadecimalValue(byte) {
            guard digitCount < limits.chunkSizeDigitCount else { throw .badChunk }
            state = .size(digitCount: digitCount + 1, value: value << 4 | digit)
            return
        }
        guard digitCount > 0 else { throw .badChunk }
        switch byte {
        case HTTPOctets.carriageReturn: state = .sizeLineFeed(value: value)
        case UInt8(ascii: ";"): state = .sizeExtension(sizeBytes: 0, value: value)
        // A space before the line's end or its extension is no part of the grammar, and a known
        // way to make two readers disagree.
        default: throw .badChunk
        }
    }

    private mutating func takeTrailer(
        _ byte: UInt8,
        _ line: TrailerLine
    ) throws(ResponseFault) {
        switch line {
        case .lineFeed(let isEmpty):
            guard byte == HTTPOctets.lineFeed else { throw .badChunk }
            state = isEmpty ? .complete : .trailers(.start)
        case .start, .inside:
            if byte == HTTPOctets.carriageReturn {
                state = .trailers(.lineFeed(isEmpty: line == .start))
            } else {
                guard HTTPOctets.isFieldValue(byte) else { throw .badChunk }
                state = .trailers(.inside)
            }
        }
    }
}
