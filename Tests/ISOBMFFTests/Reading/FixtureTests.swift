import Foundation
import ISOBMFF
import TestSupport
import Testing

/// Files that ffmpeg wrote, read here and by ffprobe: every sample's size, place and time agree.
struct FixtureTests {
    private struct FileSource: ByteSource {
        let handle: FileHandle
        let sizeBytes: UInt64

        init(path: String) throws {
            self.handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            self.sizeBytes = try handle.seekToEnd()
        }

        func read(offsetBytes: UInt64, count: Int) throws -> [UInt8] {
            try handle.seek(toOffset: offsetBytes)
            let bytes = [UInt8](try handle.read(upToCount: count) ?? Data())
            guard bytes.count == count else { throw CocoaError(.fileReadUnknown) }
            return bytes
        }
    }

    /// A sample as ffprobe sees it.
    private struct Packet: Equatable, CustomStringConvertible {
        var decodeTime: Int64
        var presentationTime: Int64
        var size: Int
        var place: UInt64
        var isKey: Bool

        var description: String {
            "dts \(decodeTime) pts \(presentationTime) \(size) bytes at \(place) key \(isKey)"
        }
    }

    private func movie(_ name: String) async throws -> (Movie, path: String) {
        let path = try await Fixture.path(name)
        return (try MovieReader.read(try FileSource(path: path)), path)
    }

    @Test(arguments: [
        "basic", "bframes", "bframes1", "bframes3", "negctts", "opengop", "ntsc", "vfr", "gop332",
        "allintra", "audiolate", "editlist", "noaudio", "audioonly", "rotated", "moovend",
        "fragmented", "fragmented-base-offset", "fragmented-sidx", "fragmented-editlist", "hours5",
        "over4g", "flashbeep", "hevc", "hevc-hev1", "hdr-pq", "vp9", "av1", "heaac", "opus", "flac",
        "mp3", "ac3", "eac3", "codecchange", "codecchange-fragmented", "mov",
    ])
    func readsTheSamplesThatFFprobeReads(name: String) async throws {
        let (movie, path) = try await movie(name)
        let expected = try await packets(path)
        #expect(movie.tracks.count == expected.count)
        for (track, expected) in zip(movie.tracks, expected) {
            let found = packets(of: track)
            #expect(found.count == expected.count)
            if let index = zip(found, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset
            {
                Issue.record("sample \(index): \(found[index]), ffprobe: \(expected[index])")
            }
        }
    }

    @Test func aLateTrackHasAnEmptyEdit() async throws {
        let audio = try #require(
            try await movie("audiolate").0.tracks.first { $0.kind == .audio }
        )
        #expect(audio.edit.emptyDuration > 0)
    }

    @Test func reorderDelayAndPrimingAreInTheEdits() async throws {
        let tracks = try await movie("bframes").0.tracks
        #expect(tracks.map(\.edit.mediaTime) == [1024, 1024])
        #expect(tracks.map(\.edit.duration) == [nil, nil])
    }

    @Test func aRecordingThatWasCutKeepsItsTimes() async throws {
        let video = try #require(try await movie("hours5").0.tracks.first)
        #expect(video.samples.firstDecodeTime == 5 * 3600 * Int64(video.timescale))
    }

    @Test func codecsComeWithTheirConfigurations() async throws {
        var entries: [[SampleEntry]] = []
        for name in ["heaac", "opus", "dolby-vision", "av1", "vp9"] {
            entries.append(try await movie(name).0.tracks.map { $0.sampleEntries[0] })
        }
        guard case .aac(let aac) = entries[0][1].codec else {
            Issue.record("\(entries[0][1].codec) is not AAC")
            return
        }
        #expect(aac.objectType == 5)
        #expect(entries[0][1].audio?.sampleRate == 48_000)
        #expect(entries[1][1].codec == .opus(OpusConfiguration(channelCount: 2, preSkip: 312)))
        #expect(entries[2][0].video?.dolbyVision?.profile == 8)
        #expect(entries[2][0].video?.color?.transfer == 16)
        #expect(entries[2][0].video?.hasMasteringDisplay == true)
    }

    private func packets(of track: Track) -> [Packet] {
        let samples = track.samples
        // ffprobe moves decode times so that none lies behind its presentation time.
        let shift = -Int64(min(samples.compositionOffsets.min() ?? 0, 0))
        var time = samples.firstDecodeTime
        return (0..<samples.count).map { index in
            defer { time += Int64(samples.durations[index]) }
            let offset = samples.compositionOffsets.isEmpty ? 0 : samples.compositionOffsets[index]
            return Packet(
                decodeTime: time - shift,
                presentationTime: time + Int64(offset),
                size: Int(samples.sizesBytes[index]),
                place: samples.offsetsBytes[index],
                isKey: samples.dependencies.isEmpty || samples.dependencies[index] != .dependent
            )
        }
    }

    /// All packets of a file, by stream, as its tables say them: edit lists are not applied.
    private func packets(_ path: String) async throws -> [[Packet]] {
        let file = try await ProbedFile(path, ignoresEdits: true)
        var streams = file.streams.map { _ in [Packet]() }
        for packet in file.packets {
            streams[packet.streamIndex].append(
                Packet(
                    decodeTime: try #require(packet.decodeTime),
                    presentationTime: try #require(packet.presentationTime),
                    size: packet.sizeBytes,
                    place: try #require(packet.offsetBytes),
                    isKey: packet.isKey
                )
            )
        }
        return streams
    }
}
