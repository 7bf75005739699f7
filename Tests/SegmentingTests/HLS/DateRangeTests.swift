import Segmenting
import Testing

struct DateRangeTests {
    /// splice_insert() of RFC 8216bis §9.10, event 6FFFFFF0, out, 59.993 s.
    private static let out = bytes(
        "FC002F000000000000FF000014056FFFFFF000E081622DCAFF000052636200000000000A"
            + "0008029896F50000008700000000"
    )
    /// Its return.
    private static let back = bytes(
        "FC002A000000000000FF00000F056FFFFFF000408162802E6100000000000A"
            + "0008029896F50000008700000000"
    )
    private static let date: Int64 = 1_394_018_100_000_000

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private static func event(_ section: [UInt8]) -> LiveEvent {
        LiveEvent(timeMicroseconds: 0, payload: .spliceInfo(section))
    }

    /// A time_signal() with one segmentation_descriptor().
    private static func timeSignal(
        type: UInt8,
        eventID: UInt8 = 9,
        isCanceled: Bool = false
    ) -> [UInt8] {
        var descriptor: [UInt8] = [0x43, 0x55, 0x45, 0x49, 0, 0, 0, eventID]
        descriptor += isCanceled ? [0x80] : [0, 0xFF, 0, 0, 0x5B, 0x8D, 0x80, 0, 0, type, 1, 1]
        let body: [UInt8] =
            [0xFE, 0, 0, 0, 0, 0, UInt8(descriptor.count) + 2, 0x02, UInt8(descriptor.count)]
            + descriptor + [0, 0, 0, 0]
        let head: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0xFF, 0xF0, 0x05, 0x06]
        return [0xFC, 0x30, UInt8(head.count + body.count)] + head + body
    }

    @Test func aSpliceOutAndInAreOneRange() throws {
        var ranges = DateRangeStateMachine()
        let out = ranges.ranges(for: Self.event(Self.out), programDateTime: Self.date)
        let line = try #require(out.first?.line)
        let fields = try LivePlaylistReader.attributes(String(line.dropFirst(17)))
        #expect(fields["START-DATE"] == "2014-03-05T11:15:00.000Z")
        #expect(fields["PLANNED-DURATION"] == "59.993")
        #expect(fields["DURATION"] == nil)
        #expect(fields["SCTE35-OUT"]?.hasPrefix("0xFC002F000000000000FF0000140") == true)
        #expect(DateRange.id(ofLine: line) == fields["ID"])

        let back = ranges.ranges(
            for: Self.event(Self.back),
            programDateTime: Self.date + 60_024_000
        )
        let end = try LivePlaylistReader.attributes(
            String(try #require(back.first?.line).dropFirst(17))
        )
        #expect(end["ID"] == fields["ID"] && end["START-DATE"] == fields["START-DATE"])
        #expect(end["DURATION"] == "60.024")
        #expect(end["SCTE35-IN"] != nil && end["SCTE35-OUT"] == nil)
    }

    @Test func aRepeatedSectionIsToldOnceAndAnIdUsedAgainTwice() {
        var ranges = DateRangeStateMachine()
        let first = ranges.ranges(for: Self.event(Self.out), programDateTime: Self.date)
        #expect(
            ranges.ranges(for: Self.event(Self.out), programDateTime: Self.date + 500_000).isEmpty
        )
        _ = ranges.ranges(for: Self.event(Self.back), programDateTime: Self.date + 1_000_000)
        let again = ranges.ranges(for: Self.event(Self.out), programDateTime: Self.date + 2_000_000)
        #expect(again.count == 1 && again.first?.id != first.first?.id)
    }

    @Test func aReturnThatNothingBeganIsACommand() {
        var ranges = DateRangeStateMachine()
        let back = ranges.ranges(for: Self.event(Self.back), programDateTime: Self.date)
        #expect(back.map(\.splice) == [.command(Self.back)])
        #expect(back.first?.duration == nil)
    }

    @Test func timeSignalsArePairedByTheirDescriptors() {
        var ranges = DateRangeStateMachine()
        let out = ranges.ranges(
            for: Self.event(Self.timeSignal(type: 0x34)),
            programDateTime: Self.date
        )
        #expect(out.first?.splice == .out(Self.timeSignal(type: 0x34)))
        #expect(out.first?.plannedDuration == 66_666_666)
        let back = ranges.ranges(
            for: Self.event(Self.timeSignal(type: 0x35)),
            programDateTime: Self.date + 30_000_000
        )
        #expect(back.first?.id == out.first?.id && back.first?.duration == 30_000_000)
        let chapter = ranges.ranges(
            for: Self.event(Self.timeSignal(type: 0x20)),
            programDateTime: Self.date
        )
        #expect(chapter.first?.splice == .command(Self.timeSignal(type: 0x20)))
    }

    @Test func whatIsCanceledOrUnreadableIsNotTold() {
        var ranges = DateRangeStateMachine()
        var canceled = Self.out
        canceled[18] |= 0x80
        for section in [
            canceled, Self.timeSignal(type: 0x34, isCanceled: true), [], [0xFC], [0x47] + Self.out,
            Array(repeating: 0xFC, count: 5000),
        ] {
            #expect(ranges.ranges(for: Self.event(section), programDateTime: 0).isEmpty)
        }
        let tag = LiveEvent(timeMicroseconds: 0, payload: .id3([0x49, 0x44, 0x33]))
        #expect(ranges.ranges(for: tag, programDateTime: 0).isEmpty)
    }

    @Test func everyTruncationAndEveryFlippedByteIsSurvived() {
        for section in [Self.out, Self.back, Self.timeSignal(type: 0x30)] {
            for length in 0..<section.count {
                var ranges = DateRangeStateMachine()
                _ = ranges.ranges(for: Self.event(Array(section[..<length])), programDateTime: 0)
                for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
                    var changed = section
                    changed[length] = value
                    let made = ranges.ranges(for: Self.event(changed), programDateTime: 0)
                    #expect(made.count <= 16)
                }
            }
        }
    }

    @Test func datesAreThoseOfTheCalendar() {
        for (microseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"), (-5, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
            (1_795_467_422_500_000, "2026-11-23T20:57:02.500Z"),
            (1_798_761_599_001_000, "2026-12-31T23:59:59.001Z"),
        ] as [(Int64, String)] {
            #expect(DateRange(id: "x", startDate: microseconds).line.contains("\"\(text)\""))
        }
    }
}
