import Foundation
import TestSupport
import Testing

/// Segments as a player gets them: named truly, without gaps, each decodable by itself.
@Suite(
    .origin([
        "basic", "bframes", "opengop", "ntsc", "gop332", "vfr", "hours5", "codecchange",
        "codecchange-fragmented",
    ])
)
struct SegmentTests {
    /// When each key frame is shown, from the source's first picture or sound on.
    private func keyFrameSeconds(of fixture: String) async throws -> [Double] {
        let packets = try await ProbedFile(try await Fixture.path(fixture)).packets
            .filter { !$0.isDiscarded }
        let first = packets.compactMap(\.presentationSeconds).min() ?? 0
        return packets.filter { $0.kind == "video" && $0.isKey }
            .compactMap(\.presentationSeconds).map { $0 - first }
    }

    @Test(arguments: ["basic", "bframes", "ntsc", "gop332", "vfr", "hours5"])
    func segmentsBeginAtKeyFramesAndLastUntilTheNext(_ fixture: String) async throws {
        let origin = try Origin.running
        let keyFrames = try await keyFrameSeconds(of: fixture)
        for format in [Format.hls, .transportStream] {
            let playlist = try await MediaPlaylist.firstVariant(
                of: format.path(of: fixture),
                on: origin
            )
            #expect(playlist.isEnded)
            #expect(playlist.segments.count > 1, "\(format)")
            var start = 0.0
            for segment in playlist.segments {
                let nearest = keyFrames.map { abs($0 - start) }.min() ?? .infinity
                // The first picture may come a little after the first sound.
                let tolerance = start == 0 ? 0.03 : 0.002
                #expect(nearest < tolerance, "\(format): no key frame at \(start) s")
                start += segment.seconds
            }
            let source = try await Decoded.decode(try await Fixture.path(fixture), audio: false)
            let shown = (source.pictures.last?.seconds ?? 0) - (source.pictures.first?.seconds ?? 0)
            // Behind the last picture's time comes its duration: a frame, two where some are left out.
            #expect((0.02...0.13).contains(start - shown), "\(format): \(start) s for \(shown) s")
        }
    }

    @Test(arguments: ["bframes", "opengop"])
    func everySegmentDecodesByItself(_ fixture: String) async throws {
        let origin = try Origin.running
        let source = try await Decoded.decode(try await Fixture.path(fixture), audio: false)
        for format in [Format.hls, .transportStream] {
            let playlist = try await MediaPlaylist.firstVariant(
                of: format.path(of: fixture),
                on: origin
            )
            let folder = try TemporaryFolder()
            var hashes: [String] = []
            for (index, segment) in playlist.segments.enumerated() {
                var bytes = try await segment.initPath.asyncMap(origin.body) ?? Data()
                bytes += try await origin.body(segment.path)
                let file = folder.path("segment\(index)")
                try bytes.write(to: URL(fileURLWithPath: file))
                hashes += try await Decoded.decode(file, audio: false).pictures.map(\.hash)
            }
            #expect(hashes.count == source.pictures.count, "\(format)")
            #expect(hashes == source.pictures.map(\.hash), "\(format)")
        }
    }

    @Test(arguments: ["codecchange", "codecchange-fragmented"])
    func aCodecChangeIsADiscontinuityWithAnInitSegmentOfItsOwn(_ fixture: String) async throws {
        let origin = try Origin.running
        let playlist = try await MediaPlaylist.firstVariant(
            of: Format.hls.path(of: fixture),
            on: origin
        )
        let segments = playlist.segments
        #expect(segments.count { $0.followsDiscontinuity } == 1)
        let change = try #require(segments.firstIndex { $0.followsDiscontinuity })
        let folder = try TemporaryFolder()
        for (name, part) in [("before", segments[..<change]), ("behind", segments[change...])] {
            #expect(Set(part.compactMap(\.initPath)).count == 1)
            var bytes = try await part.first?.initPath.asyncMap(origin.body) ?? Data()
            for segment in part { bytes += try await origin.body(segment.path) }
            try bytes.write(to: URL(fileURLWithPath: folder.path(name)))
            // Both halves are 6 s at 25 pictures a second.
            let decoded = try await Decoded.decode(folder.path(name), audio: false)
            #expect(decoded.pictures.count == 150, "\(name)")
        }
        #expect(segments[0].initPath != segments[change].initPath)
        let manifest = try await origin.body(Format.dash.path(of: fixture))
        let periods = String(decoding: manifest, as: UTF8.self).components(separatedBy: "<Period")
        #expect(periods.count - 1 == 2)
    }
}

extension Optional {
    /// `map` with a function that waits.
    func asyncMap<Result>(
        _ transform: (Wrapped) async throws -> Result
    ) async throws -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
