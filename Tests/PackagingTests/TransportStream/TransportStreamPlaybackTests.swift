import ISOBMFF
import Packaging
import TestSupport
import Testing

/// Fixtures cut into segments and read back by ffmpeg, by GStreamer and by the tests' own reader.
struct TransportStreamPlaybackTests {
    static let fixtures = [
        "bframes3", "negctts", "opengop", "ntsc", "vfr", "allintra", "audiolate", "noaudio",
        "audioonly", "fragmented-editlist", "hevc-hev1", "heaac", "mp3", "ac3", "eac3",
        "codecchange", "flac",
    ]

    @Test(arguments: fixtures)
    func allSegmentsTogetherAreOneStreamWithoutFault(name: String) async throws {
        let fixture = try await TransportStreamFixture(name)
        #expect(fixture.segments.count > 1)
        let reader = TransportStreamReader(fixture.stream)
        #expect(reader.faults == [])
        let clocks = reader.packets.compactMap(\.clock)
        #expect(zip(clocks, clocks.dropFirst()).allSatisfy { (1...9_000).contains($1 - $0) })
        let units = reader.units(pid: 0x100) + reader.units(pid: 0x101)
        #expect(units.allSatisfy { $0.decodeTime <= $0.presentationTime })
        #expect(units.allSatisfy { $0.clock.map { [unit = $0] in $0 < unit.decodeTime } ?? true })
    }

    @Test(arguments: fixtures)
    func accessUnitsAndFramesAreTheSources(name: String) async throws {
        let fixture = try await TransportStreamFixture(name)
        let reader = TransportStreamReader(fixture.stream)
        let units = reader.units(pid: 0x100)
        #expect(units.count == fixture.videoSamples.count)
        for (unit, sample) in zip(units, fixture.videoSamples) {
            let source = Self.nalUnits(sample)
            #expect(
                TransportStreamReader.nalUnits(unit.payload).suffix(source.count) == source[...]
            )
        }
        var audio = reader.units(pid: 0x101).flatMap(\.payload)[...]
        for frame in fixture.audioSamples {
            if frame.first != audio.first || !audio.starts(with: frame) {
                audio = audio.dropFirst(7)
            }
            #expect(audio.starts(with: frame))
            audio = audio.dropFirst(frame.count)
        }
        #expect(audio.isEmpty)
    }

    @Test(arguments: fixtures)
    func packetsHaveTheSourcesTimes(name: String) async throws {
        let fixture = try await TransportStreamFixture(name)
        let source = try await TransportStreamFixture.times(fixture.path)
        let packaged = try await TransportStreamFixture.withFile(fixture.stream) {
            try await TransportStreamFixture.times($0)
        }
        #expect(!packaged.isEmpty)
        for (kind, times) in packaged {
            #expect(times.count == source[kind]?.count)
            // Two ticks of 90 kHz: one for rounding here, one for counting on in a PES packet.
            for (source, packaged) in zip(source[kind] ?? [], times) {
                #expect(abs(packaged.0 - 10 - source.0) < 0.000_025)
                #expect(abs(packaged.1 - 10 - source.1) < 0.000_025)
            }
        }
    }

    /// Of the audio, priming is part of the stream, and cut off from an MP4 by its edit: the first
    /// frame may be there only in one, or be shorter.
    @Test(arguments: fixtures)
    func decodedFramesAreTheSourcesAndNothingIsComplainedOf(name: String) async throws {
        let fixture = try await TransportStreamFixture(name)
        let source = try await TransportStreamFixture.decode(fixture.path)
        let packaged = try await TransportStreamFixture.withFile(fixture.stream) {
            try await TransportStreamFixture.decode($0)
        }
        #expect(packaged.complaints == [])
        #expect(!packaged.frames.isEmpty)
        #expect(packaged.frames["video"] == source.frames["video"])
        // The AAC-LC that its configuration calls HE-AAC decodes to another rate without it.
        if let audio = packaged.frames["audio"], let expected = source.frames["audio"],
            name != "heaac"
        {
            let count = expected.count - 1
            #expect(audio.suffix(count) == expected.suffix(count))
            #expect(audio.count - count <= 2)
        }
    }

    @Test(arguments: ["bframes3", "audioonly", "hevc-hev1"])
    func aSegmentHasAllThatADecoderNeedsToStartAtIt(name: String) async throws {
        let last = try #require(try await TransportStreamFixture(name).segments.last)
        let decoded = try await TransportStreamFixture.withFile(last) {
            try await TransportStreamFixture.decode($0)
        }
        #expect(decoded.complaints == [])
        #expect(!decoded.frames.isEmpty)
    }

    @Test(arguments: ["basic", "bframes3", "ac3", "audioonly"])
    func gStreamerPlaysItWithoutDiscontinuity(name: String) async throws {
        let fixture = try await TransportStreamFixture(name)
        let sink = !fixture.videoSamples.isEmpty ? "h264parse ! fakesink" : "aacparse ! fakesink"
        try await TransportStreamFixture.withFile(fixture.stream) { path in
            let output = try await Tool.run(
                "gst-launch-1.0",
                ["-q", "filesrc", "location=\(path)", "!", "tsdemux", "!"]
                    + sink.split(separator: " ").map(String.init),
                environment: [
                    "GST_DEBUG_NO_COLOR": "1", "GST_DEBUG": "tsdemux:4,mpegtspacketizer:5",
                ]
            )
            let words = output.text + output.errorText
            for word in ["CONTINUITY", "WARN", "ERROR", "ismatch", "iscont on"] {
                #expect(!words.contains(word))
            }
        }
    }

    /// The NAL units of a sample with lengths of four bytes, a delimiter in front left out.
    private static func nalUnits(_ sample: [UInt8]) -> [[UInt8]] {
        var units: [[UInt8]] = []
        var rest = sample[...]
        while rest.count >= 4 {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            units.append(Array(rest.dropFirst(4).prefix(size)))
            rest = rest.dropFirst(4 + size)
        }
        return units
    }
}
