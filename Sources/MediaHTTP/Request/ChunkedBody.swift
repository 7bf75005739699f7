package import NIOCore

/// Takes a chunked body apart, strictly: what another program could read in another way is refused.
///
/// Pure: bytes in, bodies out, however they are split. Chunk data is passed on without copying;
/// extensions and trailers are checked, counted against a limit, and dropped. RFC 9112 §7.1
package struct ChunkedBody: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case bytes(ByteBuffer)
        case needsMore
        /// The body and its trailers are read; what follows is the next request.
        case end
    }

    private enum State: Hashable, Sendable {
        case size
        case extensions
        case sizeEnd
        case data
        case dataEnd
        case dataEndLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerEnd
        case bodyEnd
        case ended
    }

    private let lineSizeLimitBytes: Int
    private let extraSizeLimitBytes: Int
    private var state = State.size
    /// Of the chunk: its size while that is read, then what is left of it.
    private var remainingBytes: UInt64 = 0
    private var digitCount = 0
    private var lineSizeBytes = 0
    private var extraSizeBytes = 0

    /// Digits of a size; fifteen cannot overflow, and no chunk needs more.
    private static let digitCountLimit = 15

    package init(limits: MediaLimits) {
        lineSizeLimitBytes = limits.chunkLineSizeBytes
        extraSizeLimitBytes = limits.chunkExtraSizeBytes
    }

    /// Reads on, up to the next bytes of the body.
    package mutating func next(_ input: inout ByteBuffer) throws(RequestFault) -> Event {
        while true {
            if state == .data {
                let count = Int(min(remainingBytes, UInt64(input.readableBytes)))
                guard count > 0, let bytes = input.readSlice(length: count) else {
                    return .needsMore
                }
                remainingBytes -= UInt64(count)
                if remainingBytes == 0 { state = .dataEnd }
                return .bytes(bytes)
            }
            if state == .ended { return .end }
            guard let byte = input.readInteger(as: UInt8.self) else { return .needsMore }
            try take(byte)
        }
    }

    private mutating func take(_ byte: UInt8) throws(RequestFault) {
        switch state {
        case .size, .extensions, .sizeEnd: try takeSizeLine(byte)
        case .dataEnd:
            try expect(ASCII.carriageReturn, byte, then: .dataEndLineFeed)
        case .dataEndLineFeed:
            try expect(ASCII.lineFeed, byte, then: .size)
            digitCount = 0
            lineSizeBytes = 0
        case .trailerStart, .trailerName, .trailerValue, .trailerEnd: try takeTrailer(byte)
        case .bodyEnd: try expect(ASCII.lineFeed, byte, then: .ended)
        case .data, .ended: break
        }
    }

    private mutating func takeSizeLine(_ byte: UInt8) throws(RequestFault) {
        lineSizeBytes += 1
        guard lineSizeBytes <= lineSizeLimitBytes else { throw .badChunk }
        switch state {
        case .size:
            if let digit = Self.digit(byte) {
                digitCount += 1
                guard digitCount <= Self.digitCountLimit else { throw .badChunk }
                remainingBytes = remainingBytes << 4 | UInt64(digit)
            } else if digitCount > 0, byte == UInt8(ascii: ";") {
                state = .extensions
            } else {
                guard digitCount > 0 else { throw .badChunk }
                try expect(ASCII.carriageReturn, byte, then: .sizeEnd)
            }
        case .extensions:
            if ASCII.isFieldValue(byte) { return try countExtra() }
            try expect(ASCII.carriageReturn, byte, then: .sizeEnd)
        default:
            try expect(ASCII.lineFeed, byte, then: remainingBytes == 0 ? .trailerStart : .data)
        }
    }

    private mutating func takeTrailer(_ byte: UInt8) throws(RequestFault) {
        try countExtra()
        switch state {
        case .trailerStart where byte == ASCII.carriageReturn: state = .bodyEnd
        case .trailerStart:
            guard ASCII.isToken(byte) else { throw .badChunk }
            state = .trailerName
        case .trailerName where byte == ASCII.colon: state = .trailerValue
        case .trailerName:
            guard ASCII.isToken(byte) else { throw .badChunk }
        case .trailerValue:
            if ASCII.isFieldValue(byte) { return }
            try expect(ASCII.carriageReturn, byte, then: .trailerEnd)
        default: try expect(ASCII.lineFeed, byte, then: .trailerStart)
        }
    }

    private mutating func expect(
        _ expected: UInt8,
        _ byte: UInt8,
        then next: State
    ) throws(RequestFault) {
        guard byte == expected else { throw .badChunk }
        state = next
    }

    private mutating func countExtra() throws(RequestFault) {
        extraSizeBytes += 1
        guard extraSizeBytes <= extraSizeLimitBytes else { throw .badChunk }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
