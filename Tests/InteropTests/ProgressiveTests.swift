import Foundation
import TestSupport
import Testing

private let progressiveFixtures = [
    "basic", "bframes", "negctts", "audiolate", "editlist", "noaudio", "moovend",
    "fragmented-editlist", "hours5", "over4g", "opus", "hevc",
]

/// `/{quality}.mp4`: video and its sound in one file, whatever the library holds.
@Suite(.origin(progressiveFixtures + ["ladder"]))
struct ProgressiveTests {
    /// The addresses that the API names for a video's qualities, best first.
    private func qualities(of video: String, on origin: Origin) async throws -> [String] {
        struct Facts: Decodable { var qualities: [String] }
        let response = try await origin.get("\(origin.api)/api/v1/videos/\(video)")
        #expect(response.status == 200)
        return try JSONDecoder().decode(Facts.self, from: response.body).qualities
    }

    @Test(arguments: progressiveFixtures)
    func theFileDecodesToTheSource(_ fixture: String) async throws {
        let origin = try Origin.running
        let quality = try #require(try await qualities(of: fixture, on: origin).first)
        let hasAudio = fixture != "noaudio"
        let source = try await Decoded.decode(try await Fixture.path(fixture), audio: hasAudio)
        let packaged = try await Decoded.decode(
            "\(origin.media)/videos/\(fixture)/\(quality).mp4",
            audio: hasAudio
        )
        let comparison = Comparison(source: source, packaged: packaged)
        #expect(comparison.pictureDifference == nil)
        guard hasAudio else { return }
        #expect(comparison.soundDifference == nil)
        let delay = comparison.soundDelaySeconds
        #expect(abs(delay ?? .infinity) < 1024.0 / 48_000)
    }

    @Test func separateFilesAreMuxedInOne() async throws {
        let origin = try Origin.running
        #expect(try await qualities(of: "ladder", on: origin) == ["1080p", "720p", "360p"])
        let folder = try await Fixture.path("ladder")
        let packaged = try await Decoded.decode("\(origin.media)/videos/ladder/360p.mp4")
        let picture = try await Decoded.decode(folder + "/360p.mp4", audio: false)
        #expect(Comparison(source: picture, packaged: packaged).pictureDifference == nil)
        let languages = ["de", "en"]
        var found = 0
        for language in languages {
            let sound = try await Decoded.decode("\(folder)/audio.\(language).m4a", video: false)
            if Comparison(source: sound, packaged: packaged).soundDifference == nil { found += 1 }
        }
        #expect(found == 1)
    }
}
