import ISOBMFF
import Live
import Packaging
import Segmenting
import TestSupport
import Testing

/// Enhanced RTMP bodies around samples that ffmpeg encoded into MP4.
struct EnhancedRTMPTests {
    struct Coding: Sendable, CustomTestStringConvertible {
        var code: String
        var box: String
        var arguments: [String]
        var codecString: String
        var isVideo = true

        var testDescription: String { code }
    }

    static let codings = [
        Coding(
            code: "hvc1",
            box: "hvcC",
            arguments: ["-an", "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"]
                + ["-x265-params", "keyint=30:log-level=error", "-pix_fmt", "yuv420p"],
            codecString: "hvc1.1.6."
        ),
        Coding(
            code: "av01",
            box: "av1C",
            arguments: ["-an", "-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"]
                + ["-g", "30", "-pix_fmt", "yuv420p"],
            codecString: "av01.0."
        ),
        Coding(
            code: "vp09",
            box: "vpcC",
            arguments: ["-an", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]
                + ["-g", "30", "-pix_fmt", "yuv420p"],
            codecString: "vp09.00."
        ),
        Coding(
            code: "Opus",
            box: "dOps",
            arguments: ["-vn", "-c:a", "libopus"],
            codecString: "opus",
            isVideo: false
        ),
        Coding(
            code: "fLaC",
            box: "dfLa",
            arguments: ["-vn", "-c:a", "flac", "-strict", "-2"],
            codecString: "fLaC",
            isVideo: false
        ),
        Coding(
            code: "ac-3",
            box: "",
            arguments: ["-vn", "-c:a", "ac3", "-ac", "6"],
            codecString: "ac-3",
            isVideo: false
        ),
        Coding(
            code: "ec-3",
            box: "",
            arguments: ["-vn", "-c:a", "eac3", "-ac", "6"],
            codecString: "ec-3",
            isVideo: false
        ),
    ]

    /// The record that stands in a sequence start.
    private func record(_ coding: Coding, _ entry: SampleEntry) -> [UInt8] {
        let box = coding.box.isEmpty ? [] : TestMedia.box(coding.box, in: entry)
        switch coding.code {
        case "Opus":
            return Array("OpusHead".utf8) + [1, box[1], box[3], box[2]] + box[4..<8].reversed()
                + [box[9], box[8], box[10]]
        case "fLaC": return Array("fLaC".utf8) + box[4...]
        default: return box
        }
    }

    @Test(arguments: codings)
    func samplesComeThroughAsTheyAre(coding: Coding) async throws {
        let file = try await TestMedia.made("a.mp4", seconds: 2, coding.arguments)
        let track = try #require(try MovieReader.read(MemoryByteSource(file)).tracks.first)
        let entry = track.sampleEntries[0]
        let code = Array(coding.code.utf8)
        let kind: RTMPMediaKind = coding.isVideo ? .video : .audio
        var feed = SourceFeed()
        func head(_ type: UInt8, isKey: Bool = true) -> [UInt8] {
            [coding.isVideo ? 0x80 | (isKey ? 0x10 : 0x20) | type : 0x90 | type] + code
        }
        if !coding.box.isEmpty { try feed.send(kind, at: 0, head(0) + record(coding, entry)) }
        let samples = TestMedia.samples(track, of: file)
        for sample in samples {
            let hasTime = coding.code == "hvc1"
            let body = hasTime ? sample.composition.threeBytes + sample.bytes : sample.bytes
            // The flag says key always; it is not believed.
            try feed.send(kind, at: sample.decode, head(1) + body)
        }
        feed.finish()
        let found = try #require(feed.announcements.first?.first)
        #expect(found.sampleEntry.codecString.hasPrefix(coding.codecString))
        #expect(found.sampleEntry.codecString == entry.codecString || coding.code == "av01")
        #expect(found.sampleEntry.audio == entry.audio)
        #expect(found.sampleEntry.video?.width == entry.video?.width)
        #expect(found.sampleEntry.video?.height == entry.video?.height)
        #expect(try found.sampleEntry.isoBoxBytes() == found.sampleEntry.boxBytes)
        let got = feed.samples(found.id)
        #expect(got.map(\.bytes) == samples.map(\.bytes))
        if coding.isVideo {
            #expect(got.map(\.isSync) == samples.map(\.isSync))
            #expect(got.map(\.decodeTime) == samples.indices.map { Int64($0) * 3000 })
        } else {
            let durations = track.samples.durations
            let scale = found.timescale / track.timescale
            #expect(got.dropLast().map(\.duration) == durations.dropLast().map { $0 * scale })
        }
        #expect(feed.source.statistics.drops.isEmpty)
    }

    @Test func severalTracksInOneMessage() async throws {
        let file = try await TestMedia.made("a.mp4", seconds: 1, Self.codings[3].arguments)
        let track = try #require(try MovieReader.read(MemoryByteSource(file)).tracks.first)
        let head = record(Self.codings[3], track.sampleEntries[0])
        func message(_ type: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
            parts.enumerated().reduce([0x95, 0x10 | type] + Array("Opus".utf8)) { body, part in
                body + [UInt8(part.offset)] + part.element.count.threeBytes + part.element
            }
        }
        var feed = SourceFeed()
        try feed.send(.audio, at: 0, message(0, [head, head, head]))
        for sample in TestMedia.samples(track, of: file) {
            let parts = [sample.bytes, sample.bytes, sample.bytes]
            try feed.send(.audio, at: sample.decode, message(1, parts))
        }
        feed.finish()
        #expect(feed.announcements.first?.map(\.id.name) == ["a0", "a1", "a2"])
        #expect(feed.samples(LiveTrackID(.audio, 2)).count == track.samples.count)
    }

    @Test func modifiersInFrontOfAPacketAreRead() async throws {
        let file = try await TestMedia.made("a.mp4", seconds: 1, Self.codings[2].arguments)
        let track = try #require(try MovieReader.read(MemoryByteSource(file)).tracks.first)
        var feed = SourceFeed()
        for sample in TestMedia.samples(track, of: file) {
            // ModEx with a TimestampOffsetNano of half a millisecond, then CodedFrames.
            let head: [UInt8] = [0x97, 2, 0x07, 0xA1, 0x20, 0x01] + Array("vp09".utf8)
            try feed.send(.video, at: sample.decode, head + sample.bytes)
        }
        feed.finish()
        #expect(feed.samples(LiveTrackID(.video)).count == track.samples.count)
    }

    @Test func colorInformationGoesIntoTheEntry() async throws {
        let file = try await TestMedia.made("a.mp4", seconds: 1, Self.codings[0].arguments)
        let track = try #require(try MovieReader.read(MemoryByteSource(file)).tracks.first)
        func name(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + text.utf8 }
        func number(_ text: String, _ value: Double) -> [UInt8] {
            name(text) + [0] + (0..<8).reversed().map { UInt8(value.bitPattern >> ($0 * 8) & 0xFF) }
        }
        let end: [UInt8] = [0, 0, 9]
        var color: [UInt8] = [2] + name("colorInfo") + [3]
        color += name("colorConfig") + [3] + number("colorPrimaries", 9)
        color += number("transferCharacteristics", 16) + number("matrixCoefficients", 9) + end
        color += name("hdrCll") + [3] + number("maxFall", 400) + number("maxCLL", 1000) + end + end
        let code = Array("hvc1".utf8)
        var feed = SourceFeed()
        let record = TestMedia.box("hvcC", in: track.sampleEntries[0])
        try feed.send(.video, at: 0, [0x90] + code + record)
        try feed.send(.video, at: 0, [0x94] + code + color)
        for sample in TestMedia.samples(track, of: file) {
            let body = sample.composition.threeBytes + sample.bytes
            try feed.send(.video, at: sample.decode, [0x91] + code + body)
        }
        feed.finish()
        let entry = try #require(feed.announcements.first?.first?.sampleEntry)
        #expect(entry.video?.color?.transfer == 16 && entry.video?.hasContentLightLevel == true)
        #expect(entry.videoRange == .perceptualQuantizer)
    }

    @Test func whatCannotBePlayedIsRefusedByName() {
        var feed = SourceFeed()
        #expect(throws: LiveSourceError.unsupportedCodec("vvc1")) {
            try feed.send(.video, at: 0, [0x90] + Array("vvc1".utf8) + [1, 2, 3])
        }
        #expect(throws: LiveSourceError.unsupportedCodec("On2 VP6 video")) {
            try feed.send(.video, at: 0, [0x14, 0, 0])
        }
        #expect(throws: LiveSourceError.unsupportedCodec("Speex audio")) {
            try feed.send(.audio, at: 0, [0xB2, 0])
        }
        #expect(
            throws: LiveSourceError.unsupportedPacking(
                "an MPEG-2 transport stream's sequence start"
            )
        ) {
            try feed.send(.video, at: 0, [0x95] + Array("av01".utf8) + [1])
        }
    }
}
