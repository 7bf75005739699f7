import Foundation
import TestSupport
import Testing

/// `origin import` beside a running origin: what comes in plays as it did in its container.
@Suite(.origin([]))
struct ImportTests {
    private struct Facts: Decodable {
        struct Language: Decodable { var language: String }
        var audio: [Language]
        var subtitles: [Language]
    }

    /// A container, the samples in a frame of its sound, and how its clock rounds in ticks.
    @Test(
        arguments: [
            ("mkv2audio", 1024, 90), ("webm", 960, 90), ("mov", 1024, 1), ("ts", 1024, 1),
            ("flv", 1024, 90), ("avi", 1152, 1),
        ] as [(String, Int, Int64)]
    )
    func anImportedFilePlaysAsBefore(
        _ fixture: String,
        _ soundFrame: Int,
        _ tickTolerance: Int64
    ) async throws {
        let origin = try Origin.running
        let path = try await Fixture.path(fixture)
        try await Tool.run(
            Checkout.origin(),
            ["import", path, "--id", fixture, "--media", origin.library]
        )
        let source = try await Decoded.decode(path)
        for format in [Format.hls, .dash] {
            // Of several languages the container's first.
            let query = fixture == "mkv2audio" ? "?audio=en" : ""
            let packaged = try await Decoded.decode(origin.media + format.path(of: fixture) + query)
            let comparison = Comparison(
                source: source,
                packaged: packaged,
                tickTolerance: tickTolerance,
                soundFrame: soundFrame
            )
            #expect(comparison.pictureDifference == nil, "\(format)")
            #expect(comparison.soundDifference == nil, "\(format)")
            let frame = Double(soundFrame) / Double(source.sampleRate)
            let delay = comparison.soundDelaySeconds
            #expect(abs(delay ?? .infinity) <= frame, "\(format)")
        }
    }

    @Test func languagesAndSubtitlesAreKept() async throws {
        let origin = try Origin.running
        let path = try await Fixture.path("mkv2audio")
        try await Tool.run(
            Checkout.origin(),
            ["import", path, "--id", "languages", "--media", origin.library]
        )
        let response = try await origin.get(origin.api + "/api/v1/videos/languages")
        let facts = try JSONDecoder().decode(Facts.self, from: response.body)
        #expect(facts.audio.map(\.language).sorted() == ["de", "en"])
        #expect(facts.subtitles.map(\.language) == ["en"])
    }

    @Test func whatCannotBePackagedIsRefusedByName() async throws {
        let origin = try Origin.running
        let path = try await Fixture.path("unpackageable")
        let failure = await #expect(throws: Tool.Failed.self) {
            try await Tool.run(
                Checkout.origin(),
                ["import", path, "--id", "refused", "--media", origin.library]
            )
        }
        #expect(failure?.description.contains("MPEG-1") == true)
        let response = try await origin.get(origin.media + Format.hls.path(of: "refused"))
        #expect(response.status == 404)
    }
}
