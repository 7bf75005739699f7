import ISOBMFF
import Packaging
import Testing

/// PTS, DTS and PCR.
struct TransportTimeTests {
    private typealias Sample = TransportStreamSample
    private let nal = Sample.sample([Sample.nal(0x65, size: 400)])

    @Test func reorderedPicturesStartAtTheBaseAndNeverDecodeAfterTheyAreShown() throws {
        // I P B B at 25 fps, two pictures of delay.
        let bytes = try Sample.video(
            [nal, nal, nal, nal],
            track: Sample.videoTrack(timescale: 12_800, editMediaTime: 1_024),
            duration: 512,
            offsets: [1_024, 2_048, 512, 512]
        )
        let units = TransportStreamReader(bytes).units(pid: 0x100)
        #expect(units.map(\.decodeTime) == [892_800, 896_400, 900_000, 903_600])
        #expect(units.map(\.presentationTime) == [900_000, 910_800, 903_600, 907_200])
        #expect(units.allSatisfy { $0.hasDecodeTime })
    }

    @Test func decodeTimeIsLeftOutWhereItIsThePresentationTime() throws {
        let bytes = try Sample.video([nal, nal], offsets: [0, 3_600])
        let units = TransportStreamReader(bytes).units(pid: 0x100)
        #expect(units.map(\.hasDecodeTime) == [false, true])
    }

    @Test func timesAreRoundedFromTheTrackOnceAndNeverDrift() throws {
        // 30000/1001 a second: 3003 ticks each, and a timescale in which they do not divide.
        let bytes = try Sample.video(
            Array(repeating: nal, count: 120),
            track: Sample.videoTrack(timescale: 1_000_003),
            duration: 33_367,
            start: 7_200 * 1_000_003
        )
        let units = TransportStreamReader(bytes).units(pid: 0x100)
        for (index, unit) in units.enumerated() {
            let exact = MediaTime(7_200 * 1_000_003 + 33_367 * Int64(index), timescale: 1_000_003)
            let expected = exact.rounded(toTimescale: 90_000) + 900_000
            #expect(unit.presentationTime == Int(expected))
        }
    }

    @Test func audioPrimingStandsBelowTheBase() throws {
        let frames = Array(repeating: Sample.nal(0x21, size: 300), count: 8)
        let bytes = try Sample.audio(frames, track: Sample.audioTrack(editMediaTime: 1_024))
        let units = TransportStreamReader(bytes).units(pid: 0x101)
        #expect(units.first?.presentationTime == 900_000 - 1_920)
    }

    @Test func timesWrapAfterTwoToThe33() throws {
        let wrap: UInt64 = 1 << 33
        let bytes = try Sample.video(
            Array(repeating: nal, count: 20),
            start: wrap - 900_000 - 36_000,
            offsets: Array(repeating: 7_200, count: 20)
        )
        let reader = TransportStreamReader(bytes)
        let units = reader.units(pid: 0x100)
        for (index, unit) in units.enumerated() {
            let time = Int(wrap) - 36_000 + 3_600 * index
            #expect(unit.decodeTime == time % Int(wrap))
            #expect(unit.presentationTime == (time + 7_200) % Int(wrap))
        }
        #expect(units.last.map { $0.decodeTime < 40_000 } == true)
        let clocks = reader.packets.compactMap(\.clock)
        #expect(clocks.first == Int(wrap) - 36_000 - 18_000)
        #expect(clocks.last.map { $0 < 40_000 } == true)
    }

    @Test func timesFarBeyondTheWrapAndExtremeTimescalesConvert() throws {
        let slow = try Sample.video(
            [nal],
            track: Sample.videoTrack(timescale: 1),
            duration: 1,
            start: 1 << 29
        )
        let ticks = (Int(1) << 29 * 90_000 + 900_000) & (1 << 33 - 1)
        #expect(TransportStreamReader(slow).units(pid: 0x100)[0].presentationTime == ticks)
        let fast = try Sample.video(
            [nal],
            track: Sample.videoTrack(timescale: .max),
            duration: 1,
            start: UInt64(UInt32.max) * 7
        )
        #expect(TransportStreamReader(fast).units(pid: 0x100)[0].presentationTime == 1_530_000)
    }

    @Test func timesBeyondReasonAreDamage() {
        for start in [UInt64.max, UInt64(Int64.max), 1 << 62] {
            #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
                try Sample.video([nal], start: start)
            }
        }
    }

    @Test func clocksComeEachTenthOfASecondAndLeadTheDecodeTimes() throws {
        for duration in [1_500, 3_003, 3_600, 8_999, 9_000] as [UInt32] {
            let count = 90_000 / Int(duration) + 2
            let bytes = try Sample.video(
                Array(repeating: nal, count: count),
                duration: duration,
                isSync: [true] + Array(repeating: false, count: count - 1)
            )
            let reader = TransportStreamReader(bytes)
            #expect(reader.faults == [])
            let clocks = reader.packets.compactMap(\.clock)
            #expect(zip(clocks, clocks.dropFirst()).allSatisfy { (1...9_000).contains($1 - $0) })
            for unit in reader.units(pid: 0x100) {
                if let clock = unit.clock { #expect(clock == unit.decodeTime - 18_000) }
            }
            // The next segment's first clock is in time as well.
            let end = 900_000 + count * Int(duration) - 18_000
            #expect(clocks.last.map { end - $0 <= 9_000 } == true)
        }
    }

    @Test func aStillPictureKeepsTheClockGoingWithoutMovingTheCounter() throws {
        let bytes = try Sample.video([nal, nal], duration: 180_000)
        let reader = TransportStreamReader(bytes)
        #expect(reader.faults == [])
        let alone = reader.packets.filter { $0.clock != nil && !$0.hasPayload }
        #expect(alone.count == 38)
        let clocks = reader.packets.compactMap(\.clock)
        #expect(clocks == (0..<40).map { 882_000 + 9_000 * $0 })
    }

    @Test func aPictureThatStandsForAgesCostsNoMoreThanTheLimit() throws {
        let bytes = try Sample.video([nal, nal], duration: .max)
        #expect(bytes.count < (TransportStreamLimits.clockPackets + 60) * 188)
        #expect(TransportStreamReader(bytes).faults == [])
    }
}
