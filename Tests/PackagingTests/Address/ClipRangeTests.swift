import Packaging
import Testing

struct ClipRangeTests {
    @Test(arguments: [
        ("start=12.5&end=20", "?start=12.5&end=20"), ("end=20&start=12.5", "?start=12.5&end=20"),
        ("start=012.500000&end=0020.0", "?start=12.5&end=20"), ("start=3", "?start=3"),
        ("end=0.000001", "?end=0.000001"), ("start=0&end=5", "?end=5"),
        ("start=0.000&end=5&token=abc&quality=720p", "?end=5"),
        ("start=999999999.999999", "?start=999999999.999999"), ("x&start=1&&", "?start=1"),
    ])
    func equalRangesHaveOneText(_ query: String, _ text: String) throws {
        let clip = try ClipRange(query: query)
        #expect(clip?.query == text)
        #expect(try ClipRange(query: text.dropFirst()) == clip)
    }

    @Test(arguments: ["", "token=abc", "start=0", "starting=3", "Start=3"])
    func aQueryWithoutAClipIsNone(_ query: String) throws {
        #expect(try ClipRange(query: query) == nil)
    }

    @Test(arguments: [
        "start=", "start", "end=", "start=-1", "start=+1", "start=1e3", "start=nan", "start=.5",
        "start=5.", "start=1.2.3", "start=1,5", "start=1%2E5", "start=0x10", "start=1000000000",
        "start=1.0000001", "start=5&end=5", "start=6&end=5", "end=0", "start=1&start=1",
        "end=3&end=4", "start= 1", "start=١",
    ])
    func aClipThatCannotBeIsRefused(_ query: String) {
        #expect(throws: PackagingError.invalidClip) { try ClipRange(query: query) }
    }

    @Test func aRangeOfNumbersIsCheckedToo() throws {
        #expect(throws: PackagingError.invalidClip) {
            try ClipRange(startMicroseconds: -1, endMicroseconds: nil)
        }
        #expect(throws: PackagingError.invalidClip) {
            try ClipRange(startMicroseconds: 7, endMicroseconds: 7)
        }
        let clip = try ClipRange(startMicroseconds: 1_500_000, endMicroseconds: nil)
        #expect(clip.query == "?start=1.5")
    }
}
