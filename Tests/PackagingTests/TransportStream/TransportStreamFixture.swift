import Foundation
import Packaging
import TestSupport

/// A fixture cut into transport stream segments, as a player gets them that plays all of it.
struct TransportStreamFixture {
    let path: String
    let index: AssetIndex
    private(set) var segments: [[UInt8]] = []
    /// Length-prefixed samples of the video and frames of the audio, as the file has them.
    private(set) var videoSamples: [[UInt8]] = []
    private(set) var audioSamples: [[UInt8]] = []

    init(_ name: String) async throws {
        let fixture = try await MediaFixture(name)
        (path, index) = (fixture.path, fixture.index)
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let configuration = PackagingConfiguration(allowsHEVCInTransportStream: true)
        func first(_ kind: AssetTrack.Kind) -> Int? {
            index.tracks.firstIndex {
                $0.kind == kind
                    && TransportStream.canCarry($0.sampleEntries[0], configuration: configuration)
            }
        }
        let (video, audio) = (first(.video), first(.audio))
        for (place, entry) in index.segments(ofTrack: video ?? audio ?? 0).enumerated() {
            let (videoPart, audioPart) = (part(video, entry), part(audio, entry))
            videoSamples += Self.samples(videoPart?.1, file)
            audioSamples += Self.samples(audioPart?.1, file)
            let plan = try TransportStream.segment(
                video: videoPart,
                audio: audioPart,
                segmentNumber: place + 1
            )
            segments.append(try TransportStreamSample.run(plan, files: [file]))
        }
    }

    private func part(_ track: Int?, _ entry: SegmentEntry) -> (AssetTrack, SegmentSamples)? {
        guard let track else { return nil }
        let none = TransportStreamSample.samples([], duration: 1)
        let samples = try? index.samples(ofTrack: track, groups: entry.groups)
        return (index.tracks[track], samples ?? none)
    }

    private static func samples(_ part: SegmentSamples?, _ file: [UInt8]) -> [[UInt8]] {
        guard let part else { return [] }
        var bytes = part.ranges.flatMap { range in
            file[Int(range.offsetBytes)..<Int(range.offsetBytes + range.sizeBytes)]
        }[...]
        return part.sizesBytes.map { size in
            defer { bytes = bytes.dropFirst(Int(size)) }
            return Array(bytes.prefix(Int(size)))
        }
    }

    /// All segments one behind the other.
    var stream: [UInt8] { segments.flatMap { $0 } }

    /// Calls `body` with the path of a file of these bytes.
    static func withFile<Result>(
        _ bytes: [UInt8],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        return try await body(try folder.write("segment.ts", bytes))
    }

    /// Presentation and decode times of all packets in seconds, as ffprobe reads them.
    static func times(_ path: String) async throws -> [String: [(Double, Double)]] {
        var times: [String: [(Double, Double)]] = [:]
        for packet in try await ProbedFile(path).packets {
            guard let presentation = packet.presentationSeconds, let decode = packet.decodeSeconds
            else { continue }
            times[packet.kind, default: []].append((presentation, decode))
        }
        return times
    }

    /// What ffmpeg makes of a file when it decodes all of it.
    struct Decoded {
        /// Hashes of the frames of each kind of stream.
        var frames: [String: [Substring]] = [:]
        /// Everything it says beside, from warnings on.
        var complaints: [Substring] = []
    }

    static func decode(_ path: String) async throws -> Decoded {
        let output = try await Tool.run(
            "ffmpeg",
            [
                "-nostdin", "-v", "warning", "-i", path, "-map", "0:v?", "-map", "0:a?",
                "-fps_mode", "passthrough", "-f", "framemd5", "-",
            ]
        )
        var decoded = Decoded()
        decoded.complaints = output.errorText.split(separator: "\n")
        var kinds: [Substring: String] = [:]
        for line in output.text.split(separator: "\n") {
            let fields = line.split(separator: ",")
            if line.hasPrefix("#media_type ") {
                let words = line.split { " :".contains($0) }
                kinds[words[1]] = String(words[2])
            } else if fields.count == 6, let kind = kinds[fields[0]] {
                decoded.frames[kind, default: []].append(fields[5])
            }
        }
        return decoded
    }
}
