import Live
import Testing

struct ChunkGuardTests {
    private static func guarding() -> ChunkGuard {
        ChunkGuard(largestMessageBytes: 1000, mostInFlightBytes: 1500)
    }

    private static func header(
        _ chunkStream: UInt8,
        size: Int,
        timestamp: UInt32 = 0
    ) -> [UInt8] {
        RawClient.header(chunkStream: chunkStream, timestamp: timestamp, size: size, type: 9)
    }

    private static func chunk(
        _ chunkStream: Int,
        _ count: Int,
        begins: Bool = true,
        _ timestamp: ChunkGuard.Timestamp = .plain
    ) -> ChunkGuard.Verdict {
        .sound(
            ChunkGuard.Chunk(
                chunkStream: chunkStream,
                beginsMessage: begins,
                payloadCount: count,
                timestamp: timestamp
            )
        )
    }

    @Test func followsAMessageChunkByChunk() {
        var chunkGuard = Self.guarding()
        #expect(chunkGuard.inspect(Self.header(6, size: 300).span) == Self.chunk(6, 128))
        #expect(chunkGuard.inspect([0xC6].span) == Self.chunk(6, 128, begins: false))
        #expect(chunkGuard.inFlightBytes == 300)
        #expect(chunkGuard.inspect([0xC6].span) == Self.chunk(6, 44, begins: false))
        #expect(chunkGuard.inFlightBytes == 0)
        // A new one with the size of the last, then one of the same type with another.
        #expect(chunkGuard.inspect([0x86, 0, 0, 1].span) == Self.chunk(6, 128))
    }

    @Test func asksForWhatIsMissing() {
        var chunkGuard = Self.guarding()
        let header = Self.header(6, size: 1, timestamp: 0xFF_FFFF) + [1, 0, 0, 0]
        #expect(chunkGuard.inspect([UInt8]().span) == .needs(byteCount: 1))
        for count in 1..<12 {
            let part = Array(header[..<count])
            #expect(chunkGuard.inspect(part.span) == .needs(byteCount: 12))
        }
        #expect(chunkGuard.inspect(Array(header[..<14]).span) == .needs(byteCount: 16))
        #expect(chunkGuard.inspect(header.span) == Self.chunk(6, 1, .extended))
        #expect(chunkGuard.inspect([0].span) == .needs(byteCount: 2))
        #expect(chunkGuard.inspect([1, 0].span) == .needs(byteCount: 3))
    }

    @Test func readsLongChunkStreamNumbers() {
        var chunkGuard = Self.guarding()
        let rest = Array(Self.header(6, size: 1).dropFirst())
        #expect(chunkGuard.inspect(([0, 10] + rest).span) == Self.chunk(74, 1))
        #expect(chunkGuard.inspect(([1, 10, 1] + rest).span) == Self.chunk(330, 1))
        let high = chunkGuard.inspect(([1, 192, 1] + rest).span)
        #expect(high == .refused(.chunkStreamTooHigh(512)))
    }

    @Test func refusesHeadersInsideAMessage() {
        for type in UInt8(0)...2 {
            var chunkGuard = Self.guarding()
            _ = chunkGuard.inspect(Self.header(6, size: 300).span)
            let header = Self.header(type << 6 | 6, size: 900)
            let verdict = chunkGuard.inspect(header.span)
            #expect(verdict == .refused(.headerInsideMessage(chunkStream: 6)))
        }
    }

    @Test func refusesShortHeadersWithoutAFullOne() {
        for byte: UInt8 in [0x86, 0xC6] {
            var chunkGuard = Self.guarding()
            let verdict = chunkGuard.inspect([byte, 0, 0, 0].span)
            #expect(verdict == .refused(.noPreviousHeader(chunkStream: 6)))
        }
    }

    @Test func holdsMessagesToTheirLimits() {
        var chunkGuard = Self.guarding()
        let large = chunkGuard.inspect(Self.header(6, size: 1001).span)
        #expect(large == .refused(.messageTooLarge(sizeBytes: 1001)))
        #expect(chunkGuard.inspect(Self.header(6, size: 1000).span) == Self.chunk(6, 128))
        let flood = chunkGuard.inspect(Self.header(7, size: 501).span)
        #expect(flood == .refused(.tooMuchInFlight(sizeBytes: 1501)))
        // A later message of type 3 counts as much as the first.
        #expect(chunkGuard.inspect(Self.header(8, size: 100).span) == Self.chunk(8, 100))
        chunkGuard.largestMessageBytes = 99
        #expect(chunkGuard.inspect([0xC8].span) == .refused(.messageTooLarge(sizeBytes: 100)))
    }

    @Test func tellsRepeatedTimestampsFromOmittedOnes() {
        let first = Self.header(6, size: 300, timestamp: 0xFF_FFFF) + [1, 2, 3, 4]
        var repeating = Self.guarding()
        #expect(repeating.inspect(first.span) == Self.chunk(6, 128, .extended))
        let next = repeating.inspect([0xC6, 1, 2, 3, 4].span)
        #expect(next == Self.chunk(6, 128, begins: false, .extended))
        #expect(!repeating.hasMetOmittedTimestamp)

        var omitting = Self.guarding()
        _ = omitting.inspect(first.span)
        let omitted = ChunkGuard.Timestamp.extendedButOmitted(0x0102_0304)
        let second = omitting.inspect([0xC6, 9, 9, 9, 9].span)
        #expect(second == Self.chunk(6, 128, begins: false, omitted))
        // From there on not even a look: fewer than four bytes may follow.
        #expect(omitting.inspect([0xC6].span) == Self.chunk(6, 44, begins: false, omitted))
        #expect(omitting.hasMetOmittedTimestamp)
    }

    @Test func tellsOmittedTimestampsWhereAMessageBeginsWithAShortHeader() {
        let first = Self.header(6, size: 100, timestamp: 0xFF_FFFF) + [1, 2, 3, 4]
        func begun(_ timestamp: ChunkGuard.Timestamp) -> ChunkGuard.Verdict {
            .sound(
                ChunkGuard.Chunk(
                    chunkStream: 6,
                    beginsMessage: true,
                    payloadCount: 100,
                    timestamp: timestamp,
                    isAbsoluteAgain: true
                )
            )
        }
        var chunkGuard = Self.guarding()
        #expect(chunkGuard.inspect(first.span) == Self.chunk(6, 100, .extended))
        // The same time again, one a little later, and the first bytes of a frame.
        #expect(chunkGuard.inspect([0xC6, 1, 2, 3, 4].span) == begun(.extended))
        #expect(chunkGuard.inspect([0xC6, 1, 2, 3, 5].span) == begun(.extended))
        #expect(!chunkGuard.hasMetOmittedTimestamp)
        let frame = chunkGuard.inspect([0xC6, 0x17, 1, 0, 0].span)
        #expect(frame == begun(.extendedButOmitted(0x0102_0305)))
        #expect(chunkGuard.hasMetOmittedTimestamp)
        // Behind a difference it is one again.
        let difference: [UInt8] = [0x86, 255, 255, 255, 1, 0, 0, 0]
        #expect(chunkGuard.inspect(difference.span) == Self.chunk(6, 100, .extended))
        let again = chunkGuard.inspect([0xC6, 1, 0, 0, 0].span)
        #expect(again == Self.chunk(6, 100, .extended))
    }
}
