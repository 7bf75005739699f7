/// Looks at the header of each chunk before librtmp does.
///
/// librtmp trusts what it reads: a new header in the middle of a message writes behind the end of
/// the old one's memory, 65,599 chunk streams may declare 16 MB each, and an encoder that does not
/// repeat the extended timestamp on chunks of type 3 (OBS before 2024) loses four bytes of each chunk
/// once it has run for 4 h 39 min. So this follows the same bytes with a state of its own, and what
/// librtmp would get wrong never reaches it.
///
/// Pure: it reads no socket, and allocates only when a chunk stream is used for the first time.
///
/// RTMP 1.0 §5.3.1
package struct ChunkGuard: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// So many bytes have to be there, from the start of the header, before more can be said.
        case needs(byteCount: Int)
        /// The chunk may be read; this counts it as read.
        case sound(Chunk)
        case refused(ChunkFault)
    }

    /// A chunk that may be read.
    package struct Chunk: Hashable, Sendable {
        package var chunkStream: Int
        /// Whether it begins a message.
        package var beginsMessage: Bool
        /// Bytes of the message in it.
        package var payloadCount: Int
        package var timestamp: Timestamp
        /// It begins a message with a header of type 3, and its extended timestamp is a time, not
        /// what to add to one.
        package var isAbsoluteAgain: Bool

        package init(
            chunkStream: Int,
            beginsMessage: Bool,
            payloadCount: Int,
            timestamp: Timestamp,
            isAbsoluteAgain: Bool = false
        ) {
            self.chunkStream = chunkStream
            self.beginsMessage = beginsMessage
            self.payloadCount = payloadCount
            self.timestamp = timestamp
            self.isAbsoluteAgain = isAbsoluteAgain
        }
    }

    /// What stands between the header and the payload.
    package enum Timestamp: Hashable, Sendable {
        /// Nothing more than the header said.
        case plain
        /// Four bytes.
        case extended
        /// Nothing, though the message has an extended timestamp: this one.
        case extendedButOmitted(UInt32)
    }

    private struct ChunkStream {
        var isKnown = false
        var hasExtendedTimestamp = false
        /// Whether the encoder leaves it out where it should be repeated.
        var omitsTimestamp = false
        /// The last header with a timestamp had a time, not a difference.
        var isAbsolute = false
        var extendedTimestamp: UInt32 = 0
        var messageSize = 0
        var missing = 0
    }

    /// The encoder's chunk size; in `RTMPLimits.chunkSizes`.
    package var chunkSize = RTMPLimits.initialChunkSize
    /// The largest message that may begin.
    package var largestMessageBytes: Int
    /// Bytes of all messages that have begun and are not whole.
    package private(set) var inFlightBytes = 0
    /// Whether an extended timestamp that is not repeated was met.
    package private(set) var hasMetOmittedTimestamp = false
    private let mostInFlightBytes: Int
    private var chunkStreams: [ChunkStream] = []

    package init(largestMessageBytes: Int, mostInFlightBytes: Int) {
        self.largestMessageBytes = largestMessageBytes
        self.mostInFlightBytes = mostInFlightBytes
    }

    /// Whether the chunk that begins with these bytes may be read.
    ///
    /// - Parameter bytes: what has come since the last chunk; more of it than the header is welcome.
    /// - Returns: the verdict; a sound chunk counts as read.
    package mutating func inspect(_ bytes: Span<UInt8>) -> Verdict {
        guard bytes.count >= 1 else { return .needs(byteCount: 1) }
        let type = bytes[0] >> 6
        let (basicCount, chunkStream) = Self.basicHeader(bytes)
        guard let chunkStream else { return .needs(byteCount: basicCount) }
        guard chunkStream < RTMPLimits.chunkStreamCount else {
            return .refused(.chunkStreamTooHigh(chunkStream))
        }
        var state = chunkStream < chunkStreams.count ? chunkStreams[chunkStream] : ChunkStream()
        // Type 1 on a fresh chunk stream is wrong too, but old librtmp begins so, and it does no harm.
        guard state.isKnown || type <= 1 else {
            return .refused(.noPreviousHeader(chunkStream: chunkStream))
        }
        guard state.missing == 0 || type == 3 else {
            return .refused(.headerInsideMessage(chunkStream: chunkStream))
        }
        let beginsMessage = state.missing == 0
        let headerCount = basicCount + Self.messageHeaderCounts[Int(type)]
        guard bytes.count >= headerCount else { return .needs(byteCount: headerCount) }
        if type <= 2 {
            state.isKnown = true
            state.omitsTimestamp = false
            state.isAbsolute = type == 0
            state.hasExtendedTimestamp = Self.integer(bytes, basicCount, 3) == 0xFF_FFFF
        }
        if type <= 1 { state.messageSize = Int(Self.integer(bytes, basicCount + 3, 3)) }

        let timestamp: Timestamp
        let isFull = type <= 2
        switch readTimestamp(bytes, at: headerCount, of: &state, isFull, beginsMessage) {
        case .success(let found): timestamp = found
        case .failure(let needed): return .needs(byteCount: needed.byteCount)
        }
        if beginsMessage {
            if let fault = fault(ofMessageSize: state.messageSize) { return .refused(fault) }
            state.missing = state.messageSize
            inFlightBytes += state.messageSize
        }
        let payloadCount = min(state.missing, chunkSize)
        state.missing -= payloadCount
        if state.missing == 0 { inFlightBytes -= state.messageSize }
        store(state, at: chunkStream)
        return .sound(
            Chunk(
                chunkStream: chunkStream,
                beginsMessage: beginsMessage,
                payloadCount: payloadCount,
                timestamp: timestamp,
                isAbsoluteAgain: beginsMessage && type == 3 && timestamp != .plain
                    && state.isAbsolute
            )
        )
    }

    private static let messageHeaderCounts = [11, 7, 3, 0]

    /// In milliseconds: as far as encoders that do not just repeat a time go on between messages.
    private static let mostAhead: UInt32 = 60_000

    private struct Needed: Error {
        var byteCount: Int
    }

    // RTMP 1.0 §5.3.1.1
    private static func basicHeader(_ bytes: Span<UInt8>) -> (count: Int, chunkStream: Int?) {
        let low = Int(bytes[0] & 0x3F)
        switch low {
        case 0:
            return (2, bytes.count >= 2 ? 64 + Int(bytes[1]) : nil)
        case 1:
            return (3, bytes.count >= 3 ? 64 + Int(bytes[1]) + Int(bytes[2]) << 8 : nil)
        default:
            return (1, low)
        }
    }

    // RTMP 1.0 §5.3.1.3
    private mutating func readTimestamp(
        _ bytes: Span<UInt8>,
        at offset: Int,
        of state: inout ChunkStream,
        _ isFull: Bool,
        _ beginsMessage: Bool
    ) -> Result<Timestamp, Needed> {
        guard state.hasExtendedTimestamp else { return .success(.plain) }
        if !beginsMessage, state.omitsTimestamp {
            return .success(.extendedButOmitted(state.extendedTimestamp))
        }
        guard bytes.count >= offset + 4 else { return .failure(Needed(byteCount: offset + 4)) }
        let value = Self.integer(bytes, offset, 4)
        if isFull || (beginsMessage && value &- state.extendedTimestamp < Self.mostAhead) {
            state.extendedTimestamp = value
        } else if value != state.extendedTimestamp {
            // What stands there is the payload's first bytes.
            state.omitsTimestamp = true
            hasMetOmittedTimestamp = true
            return .success(.extendedButOmitted(state.extendedTimestamp))
        }
        return .success(.extended)
    }

    private func fault(ofMessageSize sizeBytes: Int) -> ChunkFault? {
        if sizeBytes > largestMessageBytes { return .messageTooLarge(sizeBytes: sizeBytes) }
        let total = inFlightBytes + sizeBytes
        return total > mostInFlightBytes ? .tooMuchInFlight(sizeBytes: total) : nil
    }

    private mutating func store(_ state: ChunkStream, at index: Int) {
        while chunkStreams.count <= index { chunkStreams.append(ChunkStream()) }
        chunkStreams[index] = state
    }

    private static func integer(_ bytes: Span<UInt8>, _ offset: Int, _ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in offset..<offset + count { value = value << 8 | UInt32(bytes[index]) }
        return value
    }
}
