import ISOBMFF
import Testing

/// `elst`; the movie has 600 ticks a second, the track 1000 and lasts 400.
struct EditListTests {
    private static let rate: UInt32 = 0x0001_0000

    private func edit(_ elst: [UInt8]) throws -> Edit {
        let file = TestFile { $0.edits = box("edts", elst) }
        return try #require(try read(file.bytes).tracks.first).edit
    }

    private func error(_ elst: [UInt8]) -> ISOBMFFError? {
        readError(TestFile { $0.edits = box("edts", elst) }.bytes)
    }

    private func list(_ entries: (duration: UInt32, mediaTime: Int32)...) -> [UInt8] {
        let fields = entries.flatMap { u32($0.duration) + i32($0.mediaTime) + u32(Self.rate) }
        return fullBox("elst", u32(UInt32(entries.count)), fields)
    }

    @Test func mediaTimeAndDuration() throws {
        let edit = try edit(list((duration: 60, mediaTime: 50)))
        #expect(edit == Edit(emptyDuration: 0, mediaTime: 50, duration: 100))
    }

    @Test func version1() throws {
        let fields = u64(60) + u64(50) + u32(Self.rate)
        let edit = try edit(fullBox("elst", version: 1, u32(1), fields))
        #expect(edit == Edit(emptyDuration: 0, mediaTime: 50, duration: 100))
    }

    @Test func version1WithAnEmptyEdit() throws {
        let fields = u64(60) + u64(.max) + u32(Self.rate)
        let edit = try edit(fullBox("elst", version: 1, u32(1), fields))
        #expect(edit == Edit(emptyDuration: 100, mediaTime: 0, duration: nil))
    }

    @Test func emptyEditsInFrontAddUp() throws {
        let edit = try edit(
            list(
                (duration: 6, mediaTime: -1),
                (duration: 7, mediaTime: -1),
                (duration: 60, mediaTime: 0)
            )
        )
        #expect(edit == Edit(emptyDuration: 22, mediaTime: 0, duration: 100))
    }

    @Test func emptyEditsBehindChangeNothing() throws {
        let edit = try edit(list((duration: 60, mediaTime: 50), (duration: 9, mediaTime: -1)))
        #expect(edit == Edit(emptyDuration: 0, mediaTime: 50, duration: 100))
    }

    @Test func conversionRoundsToTheNearestTick() throws {
        // 1/600 s is 1.67 ticks, 2/600 s is 3.33.
        #expect(try edit(list((duration: 1, mediaTime: -1))).emptyDuration == 2)
        #expect(try edit(list((duration: 2, mediaTime: -1))).emptyDuration == 3)
    }

    @Test(arguments: [210, 239, 240, 241, 5000] as [UInt32])
    func anEditThatReachesTheEndIsAllOfIt(duration: UInt32) throws {
        // The media ends at 400 ticks, which is 210 of 600 behind 50: one tick of the movie may
        // be lost by rounding.
        #expect(try edit(list((duration: duration, mediaTime: 50))).duration == nil)
    }

    @Test func duration0IsAllOfIt() throws {
        let edit = try edit(list((duration: 0, mediaTime: 50)))
        #expect(edit == Edit(emptyDuration: 0, mediaTime: 50, duration: nil))
    }

    @Test func severalEdits() {
        let list = list((duration: 60, mediaTime: 50), (duration: 60, mediaTime: 200))
        #expect(error(list) == .unsupported(feature: .severalEdits))
    }

    @Test func anotherRate() {
        let half = fullBox("elst", u32(1, 60, 50, 0x0000_8000))
        #expect(error(half) == .unsupported(feature: .editRate))
        let dwell = fullBox("elst", u32(1, 60, 50, 0))
        #expect(error(dwell) == .unsupported(feature: .editRate))
    }

    @Test func aNegativeMediaTime() {
        let error = error(list((duration: 60, mediaTime: -2)))
        #expect(error == .invalid(box: "elst", field: "media_time", value: -2))
    }

    @Test func timesThatOverflow() {
        let huge = UInt64(1) << 62
        let empty = u64(huge) + u64(.max) + u32(Self.rate)
        let error = error(fullBox("elst", version: 1, u32(1), empty))
        #expect(error == .invalid(box: "elst", field: "segment_duration", value: Int64(huge)))
        let several = u64(.max) + u64(.max) + u32(Self.rate)
        let sum = self.error(fullBox("elst", version: 1, u32(2), several, several))
        #expect(sum == .invalid(box: "elst", field: "segment_duration", value: .max))
        let late = u64(0) + u64(huge) + u32(Self.rate)
        let time = self.error(fullBox("elst", version: 1, u32(1), late))
        #expect(time == .invalid(box: "elst", field: "media_time", value: Int64(huge)))
    }

    @Test func moreEditsThanTheLimit() {
        #expect(
            error(fullBox("elst", u32(5000))) == .tooMany(box: "elst", count: 5000, limit: 1024)
        )
    }

    @Test func fewerEditsThanItSays() {
        guard case .truncated("elst", _) = error(fullBox("elst", u32(2, 60, 50, Self.rate))) else {
            Issue.record("no error for a list that is cut short")
            return
        }
    }
}
