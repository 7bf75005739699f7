import Live
import Segmenting
import TestSupport
import Testing

/// Configurations that are well formed and make no sense.
struct HostileConfigurationTests {
    /// AudioSpecificConfig with SBR told explicitly, both rates as numbers.
    private func configuration(coreRate: Int, outputRate: Int) -> [UInt8] {
        let fields = [
            (5, 5), (15, 4), (coreRate, 24), (2, 4), (15, 4), (outputRate, 24), (2, 5), (0, 3),
        ]
        let bits = fields.flatMap { value, count in
            (0..<count).reversed().map { value >> $0 & 1 }
        }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            (start..<start + 8).reduce(UInt8(0)) {
                $0 << 1 | UInt8($1 < bits.count ? bits[$1] : 0)
            }
        }
    }

    private func sendFrames(_ feed: inout SourceFeed, _ milliseconds: some Sequence<Int>) throws {
        for time in milliseconds { try feed.send(.audio, at: time, [0xAF, 1, 2, 3]) }
    }

    /// A publisher's one message ended the whole process: frames of no samples were divided by.
    @Test func framesOfNoSamplesAreNotTaken() throws {
        var feed = SourceFeed()
        let odd = configuration(coreRate: 16_000_000, outputRate: 8000)
        try feed.send(.audio, at: 0, [0xAF, 0] + odd)
        try sendFrames(&feed, stride(from: 0, to: 2000, by: 20))
        try sendFrames(&feed, [4000, 4020])
        feed.finish()
        #expect(feed.drops(.invalidConfiguration) == 1)
        #expect(feed.samples(LiveTrackID(.audio)).isEmpty)
    }

    /// Likewise: the refused configuration's frame length was used with the one before it.
    @Test func aRefusedConfigurationChangesNothing() throws {
        var feed = SourceFeed()
        try feed.send(.audio, at: 0, [0xAF, 0, 0x11, 0x90])
        try sendFrames(&feed, stride(from: 0, to: 2000, by: 20))
        let odd = configuration(coreRate: 1, outputRate: 16_777_215)
        for time in [2000, 2020] { try feed.send(.audio, at: time, [0xAF, 0] + odd) }
        try sendFrames(&feed, [2020, 2040])
        feed.finish()
        #expect(feed.drops(.invalidConfiguration) == 2)
        #expect(feed.samples(LiveTrackID(.audio)).allSatisfy { $0.duration == 1024 })
    }
}
