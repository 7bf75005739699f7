import Foundation
import Testing

/// Which renditions and subtitles of a folder are offered, and where one reads what was not.
@Suite(.origin(["misaligned", "misaligned-common", "ladder"]))
struct RenditionTests {
    private struct Status: Decodable {
        struct Omission: Decodable { var file: String }
        struct Video: Decodable {
            var id: String
            var omitted: [Omission]
        }
        var videos: [Video]
    }

    private func variants(of video: String) async throws -> Int {
        let master = try await Origin.running.body(Format.hls.path(of: video))
        return String(decoding: master, as: UTF8.self).components(separatedBy: "#EXT-X-STREAM-INF")
            .count - 1
    }

    @Test func aRenditionWithoutCommonKeyFramesIsLeftOutAndNamed() async throws {
        let origin = try Origin.running
        #expect(try await variants(of: "misaligned") == 1)
        let response = try await origin.get(origin.admin + "/status")
        let status = try JSONDecoder().decode(Status.self, from: response.body)
        let video = try #require(status.videos.first { $0.id == "misaligned" })
        #expect(video.omitted.map(\.file) == ["180p.mp4"])
    }

    @Test func renditionsWithSomeCommonKeyFramesAreKept() async throws {
        #expect(try await variants(of: "misaligned-common") == 2)
        #expect(try await variants(of: "ladder") == 3)
    }

    @Test func subtitleSegmentsHoldEveryCue() async throws {
        let origin = try Origin.running
        let master = Format.hls.path(of: "ladder")
        let text = String(decoding: try await origin.body(master), as: UTF8.self)
        let line = try #require(
            text.split(separator: "\n").first {
                $0.contains("TYPE=SUBTITLES") && $0.contains("\"en\"")
            }
        )
        let path = MediaPlaylist.resolved(
            try #require(MediaPlaylist.attribute("URI", of: line)),
            at: master
        )
        let playlist = MediaPlaylist(
            String(decoding: try await origin.body(path), as: UTF8.self),
            at: path
        )
        #expect(playlist.segments.count == 3)
        var words: Set<String> = []
        for segment in playlist.segments {
            let lines = String(decoding: try await origin.body(segment.path), as: UTF8.self)
                .split(separator: "\n").map(String.init)
            #expect(lines.first == "WEBVTT")
            words.formUnion(lines.filter { $0.hasPrefix("second ") })
        }
        #expect(words == Set((0..<12).map { "second \($0)" }))
    }
}
