import LoadTests
import Testing

/// What is read of headers and parts, and what is found wrong with them.
struct CheckedMediaTests {
    private static func word(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        word(UInt32(content.count + 8)) + Array(type.utf8) + content
    }

    private static func words(_ values: UInt32...) -> [UInt8] { values.flatMap(word) }

    private static let header: [UInt8] = {
        let media = box(
            "mdia",
            box("mdhd", words(0, 0, 0, 90_000, 0, 0))
                + box("hdlr", words(0, 0, 0x7669_6465, 0, 0, 0))
        )
        let extends = box("mvex", box("trex", words(0, 1, 1, 3000, 0, 0x101_0000)))
        return box("ftyp", words(0)) + box("moov", box("trak", media) + extends)
    }()

    /// `count` samples of the default length, the first a sync sample or not.
    private static func part(_ count: UInt32, isSync: Bool) -> [UInt8] {
        let run = words(0x4, count, isSync ? 0x200_0000 : 0x101_0000)
        let fragment = box("traf", box("tfhd", words(0x2_0000, 1)) + box("trun", run))
        return box("moof", fragment) + box("mdat", Array(repeating: 1, count: 40))
    }

    private static func rendition() -> CheckedRendition {
        var rendition = CheckedRendition(name: "v0", address: "/v0.m3u8")
        rendition.header = CheckedHeader(header)
        return rendition
    }

    private static func broken(
        _ seconds: Double,
        _ bytes: [UInt8],
        isIndependent: Bool = true
    ) -> Set<CheckRule> {
        let findings = CheckFindings()
        let part = MediaPlaylist.Part(
            address: "p",
            seconds: seconds,
            isIndependent: isIndependent,
            isGap: false
        )
        rendition().check(part, bytes, findings)
        #expect(findings.verdict(.partMeasured) != .notSeen)
        return Set(CheckRule.allCases.filter { findings.verdict($0) == .fail })
    }

    @Test func headersAreRead() throws {
        let header = try #require(CheckedHeader(Self.header))
        #expect(header.timescale == 90_000)
        #expect(header.isVideo)
        for count in 0..<Self.header.count {
            _ = CheckedHeader(Array(Self.header.prefix(count)))
        }
    }

    @Test func partsAreMeasured() throws {
        #expect(Self.broken(1.0 / 3, Self.part(10, isSync: true)).isEmpty)
        #expect(Self.broken(0.3, Self.part(10, isSync: true)) == [.partMeasured])
        #expect(Self.broken(1.0 / 3, Self.part(10, isSync: false)) == [.independentParts])
        let free = Self.broken(1.0 / 3, Self.part(10, isSync: false), isIndependent: false)
        #expect(free.isEmpty)
    }

    @Test func ownLengthsOfSamplesCount() throws {
        let run = Self.words(0x301, 2, 0, 1000, 5, 2000, 5)
        let fragment = Self.box("tfhd", Self.words(0x2_0000, 1)) + Self.box("trun", run)
        let bytes = Self.box("moof", Self.box("traf", fragment))
        let header = try #require(CheckedHeader(Self.header))
        let found = try #require(CheckedFragment(bytes, header: header))
        #expect(found.seconds == 3000.0 / 90_000)
        #expect(!found.startsWithSync)
        for count in 0..<bytes.count {
            #expect(CheckedFragment(Array(bytes.prefix(count)), header: header) == nil)
        }
        // A count that the box cannot hold.
        let huge = Self.box("trun", Self.words(0x301, 0xFFFF_FFFF, 0))
        let broken = Self.box("tfhd", Self.words(0x2_0000, 1)) + huge
        #expect(CheckedFragment(Self.box("moof", Self.box("traf", broken)), header: header) == nil)
    }

    @Test func aSegmentIsHeldToItsParts() throws {
        var rendition = Self.rendition()
        rendition.keep("p0", [1, 2])
        rendition.keep("p1", [3])
        let text = """
            #EXTM3U
            #EXT-X-TARGETDURATION:2
            #EXT-X-PART:DURATION=1.0,URI="p0"
            #EXT-X-PART:DURATION=1.0,URI="p1"
            #EXTINF:2.0,
            s
            """
        let segment = try CheckedPlaylist(text).segments[0]
        let findings = CheckFindings()
        rendition.check(segment, [1, 2, 3], findings)
        #expect(findings.verdict(.segmentIsItsParts) == .pass)
        rendition.check(segment, [1, 2], findings)
        #expect(findings.verdict(.segmentIsItsParts) == .fail)
    }

    @Test(arguments: [(2.0, 100.0, true), (1.0, 100.0, false), (2.0, 101.0, false)])
    func renditionsAreHeldToEachOther(seconds: Double, date: Double, isRight: Bool) {
        var (one, other) = (Self.rendition(), Self.rendition())
        one.segments[3] = CheckedRendition.Told(seconds: 2, date: 100)
        other.segments[3] = CheckedRendition.Told(seconds: seconds, date: date)
        let findings = CheckFindings()
        CheckedRendition.checkStep(one, other, partTarget: 0.5, findings)
        #expect(findings.verdict(.inStep) == (isRight ? .pass : .fail))
    }
}
