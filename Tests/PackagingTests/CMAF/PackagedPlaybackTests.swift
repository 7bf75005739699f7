import Packaging
import TestSupport
import Testing

/// Fixtures packaged and read back by ffprobe: every packet of the source at its time.
struct PackagedPlaybackTests {
    /// Fixtures whose times ffprobe reads from the source as the standard has them.
    ///
    /// Not among them: `editlist`, where ffmpeg moves an edit that starts between two pictures, and
    /// `hours5`, whose timeline is made to start at 0.
    static let fixtures = [
        "bframes", "negctts", "audiolate", "fragmented", "fragmented-editlist", "heaac",
        "codecchange", "mov", "ntsc", "vfr", "opengop", "opus", "mp3", "av1", "hevc", "audioonly",
    ]

    /// The streams of a fixture, as ffprobe names them, in the order of the index's tracks.
    private func streams(_ fixture: MediaFixture) -> [String] {
        var counts: [AssetTrack.Kind: Int] = [:]
        return fixture.index.tracks.map { track in
            defer { counts[track.kind, default: 0] += 1 }
            return (track.kind == .video ? "v:" : "a:") + String(counts[track.kind, default: 0])
        }
    }

    @Test(arguments: fixtures)
    func segmentsAndProgressiveFilesHoldTheSourcesPackets(name: String) async throws {
        let fixture = try await MediaFixture(name)
        let progressive = try fixture.progressive()
        for (track, stream) in streams(fixture).enumerated() {
            let source = try await ProbedFile(fixture.path, stream: stream)
            let packages = [
                try await ProbedFile(
                    bytes: fixture.cmaf(ofTrack: track),
                    stream: String(stream.prefix(2) + "0")
                ),
                try await ProbedFile(bytes: progressive, stream: stream),
            ]
            for packaged in packages {
                #expect(packaged.identities == source.identities)
                #expect(packaged.streams.map(\.timeBase) == source.streams.map(\.timeBase))
            }
        }
    }

    @Test func videoAndSoundOfDifferentFilesAreOne() async throws {
        let fixture = try await MediaFixture("ladder")
        let video = try #require(fixture.index.trackIndex(named: "video-360p"))
        let audio = try #require(fixture.index.tracks.firstIndex { $0.language == "de" })
        let body = try fixture.progressive(tracks: [video, audio])
        for (track, stream) in [(video, "v:0"), (audio, "a:0")] {
            let path = fixture.paths[fixture.index.tracks[track].fileIndex]
            let source = try await ProbedFile(path, stream: stream)
            let packaged = try await ProbedFile(bytes: body, stream: stream)
            #expect(packaged.identities == source.identities)
        }
        let sound = try await ProbedFile(bytes: body, stream: "a:0")
        #expect(sound.streams[0].tags?["language"] == "deu")
    }

    @Test func bFramesStartAtZeroInBothForms() async throws {
        let fixture = try await MediaFixture("bframes")
        let segments = try await ProbedFile(bytes: fixture.cmaf(ofTrack: 0), stream: "v:0")
        let progressive = try await ProbedFile(bytes: fixture.progressive(), stream: "v:0")
        #expect(segments.packets.compactMap(\.presentationTime).min() == 0)
        #expect(progressive.packets.compactMap(\.presentationTime).min() == 0)
    }

    @Test func primingIsInFrontOfZero() async throws {
        let fixture = try await MediaFixture("basic")
        let segments = try await ProbedFile(bytes: fixture.cmaf(ofTrack: 1), stream: "a:0")
        #expect(segments.packets.first?.presentationTime == -1024)
    }

    @Test func rotationAndSizeAreKept() async throws {
        let fixture = try await MediaFixture("rotated")
        let source = try await ProbedFile(fixture.path, stream: "v:0")
        let rotation = source.streams[0].sideData?.compactMap(\.rotation)
        #expect(rotation?.isEmpty == false)
        for body in [try fixture.cmaf(ofTrack: 0), try fixture.progressive()] {
            let packaged = try await ProbedFile(bytes: body, stream: "v:0")
            #expect(packaged.streams[0].sideData?.compactMap(\.rotation) == rotation)
            #expect(packaged.streams[0].width == source.streams[0].width)
            #expect(packaged.streams[0].height == source.streams[0].height)
        }
    }

    /// The picture starts 273 ticks of 1/12800 s after the sound, with an edit at 751 of 1024.
    @Test func aPictureThatStartsLateStaysLate() async throws {
        let fixture = try await MediaFixture("hours5")
        let segments = try await ProbedFile(bytes: fixture.cmaf(ofTrack: 0), stream: "v:0")
        let progressive = try await ProbedFile(bytes: fixture.progressive(), stream: "v:0")
        #expect(segments.packets.first?.presentationTime == 273)
        #expect(progressive.packets.first?.presentationTime == 273)
    }

    @Test func iFramesArePicturesOfTheirOwn() async throws {
        let fixture = try await MediaFixture("bframes")
        let track = fixture.index.tracks[0]
        var body = fixture.bytes(of: try CMAF.initSegment(track: track))
        let entries = fixture.index.segments(ofTrack: 0)
        for entry in entries {
            let samples = try fixture.index.samples(ofTrack: 0, groups: entry.groups)
            let plan = try CMAF.iFrame(track: track, samples: samples, duration: entry.duration)
            body += fixture.bytes(of: plan)
        }
        let frames = try await ProbedFile(bytes: body, stream: "v:0")
        let source = try await ProbedFile(fixture.path, stream: "v:0")
        let starts = Set(entries.map(\.start))
        let expected = source.identities.filter {
            starts.contains($0.presentationTime ?? -1)
        }
        #expect(frames.identities == expected)
        #expect(!frames.identities.map(\.isKey).contains(false))
    }
}

extension ProbedFile {
    /// What has to be the same in source and package: all but the offset that decode times have.
    fileprivate struct Identity: Hashable {
        var presentationTime: Int64?
        var sizeBytes: Int
        var isKey: Bool
        var dataHash: String
    }

    fileprivate var identities: [Identity] {
        packets.map {
            Identity(
                presentationTime: $0.presentationTime,
                sizeBytes: $0.sizeBytes,
                isKey: $0.isKey,
                dataHash: $0.dataHash
            )
        }
    }
}
