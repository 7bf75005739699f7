import Foundation
import ISOBMFF
import Segmenting
import TestSupport
import Testing

/// Real media through the segmenter, read back by ffprobe and ffmpeg.
struct SegmentedMediaTests {
    @Test(arguments: ["basic", "bframes"])
    func partsOfRealMediaHoldTheSameSamples(fixture: String) async throws {
        let path = try await Fixture.path(fixture)
        let bytes = try await Fixture.bytes(fixture)
        let tracks = try MovieReader.read(MemoryByteSource(bytes)).tracks.filter {
            $0.kind == .video || $0.kind == .audio
        }
        let segmented = Segmented(Self.inputs(of: tracks, in: bytes))
        #expect(ActionChecker.faults(segmented) == [])
        let folder = try TemporaryFolder()
        for id in [LiveTrackID.v0, .a0] {
            var media: [UInt8] = []
            for case .initialization(let header) in segmented.actions where header.track.id == id {
                media += header.bytes
            }
            for part in segmented.parts(id) { media += part.header + part.payload }
            let file = try folder.write(id.name + ".mp4", media)
            let stream = id.kind == .video ? "v:0" : "a:0"
            let original = try await ProbedFile(path, stream: stream)
            let probed = try await ProbedFile(file)
            #expect(probed.packets.map(\.dataHash) == original.packets.map(\.dataHash))
            #expect(probed.packets.map(\.isKey) == original.packets.map(\.isKey))
            let shown = Self.spans(probed)
            #expect(zip(shown, Self.spans(original)).allSatisfy { abs($0 - $1) < 0.001 } as Bool)
            let output = try await Tool.run(
                "ffmpeg",
                ["-v", "warning", "-nostdin", "-i", file, "-f", "null", "-"]
            )
            #expect(output.errorText == "")
        }
    }

    /// Presentation times from the first packet's on.
    private static func spans(_ file: ProbedFile) -> [Double] {
        let times = file.packets.compactMap(\.presentationSeconds)
        return times.map { $0 - (times.first ?? 0) }
    }

    private static func inputs(of tracks: [Track], in bytes: [UInt8]) -> [LiveInput] {
        var described: [LiveTrack] = []
        var samples: [(seconds: Double, sample: LiveSample)] = []
        for track in tracks {
            let id: LiveTrackID = track.kind == .video ? .v0 : .a0
            let table = track.samples
            described.append(
                LiveTrack(
                    id: id,
                    timescale: track.timescale,
                    sampleEntry: track.sampleEntries[0],
                    frameDuration: table.durations[0]
                )
            )
            var time: Int64 = 0
            for index in 0..<table.count {
                let start = Int(table.offsetsBytes[index])
                let seconds = Double(time) / Double(track.timescale)
                let sample = LiveSample(
                    track: id,
                    decodeTime: time,
                    compositionOffset: table.compositionOffsets.isEmpty
                        ? 0 : table.compositionOffsets[index],
                    duration: table.durations[index],
                    isSync: table.dependencies.isEmpty || table.dependencies[index] == .sync,
                    arrivalMicroseconds: SyntheticStream.start + Int64(seconds * 1_000_000),
                    bytes: Array(bytes[start..<start + Int(table.sizesBytes[index])])
                )
                samples.append((seconds, sample))
                time += Int64(table.durations[index])
            }
        }
        return [.tracks(described)]
            + samples.sorted { $0.seconds < $1.seconds }.map { .sample($0.sample) }
    }
}
