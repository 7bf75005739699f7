import OriginServer
import Testing

/// What a file holds beside pictures and sound.
struct TextAndCaptionTests {
    private func serving(
        _ fixture: String,
        _ body: @Sendable @escaping (RunningOrigin) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        try await folder.copy(fixture, to: "library/film.mp4")
        try await RunningOrigin.serving(folder, body)
    }

    @Test(arguments: ["captions", "captions-hevc"])
    func captionsAreAnnounced(fixture: String) async throws {
        try await serving(fixture) { origin in
            let playlist = try await origin.media("/videos/film/hls/master.m3u8").text
            #expect(playlist.contains(#"TYPE=CLOSED-CAPTIONS,GROUP-ID="captions""#))
            #expect(playlist.contains(#"INSTREAM-ID="CC1""#))
            #expect(playlist.contains(#"CLOSED-CAPTIONS="captions""#))
            let manifest = try await origin.media("/videos/film/dash/manifest.mpd").text
            let descriptor = #"schemeIdUri="urn:scte:dash:cc:cea-608:2015" value="CC1""#
            #expect(manifest.contains(descriptor))
        }
    }

    @Test func noneAreRuledOut() async throws {
        try await serving("basic") { origin in
            for format in ["hls", "hls-ts"] {
                let playlist = try await origin.media("/videos/film/\(format)/master.m3u8").text
                #expect(playlist.contains("CLOSED-CAPTIONS=NONE"))
            }
            let manifest = try await origin.media("/videos/film/dash/manifest.mpd").text
            #expect(!manifest.contains("cea-608"))
        }
    }

    @Test(arguments: [("tx3g", "en", "second 0 &lt;&amp;&gt;"), ("wvtt", "de", "<i>eins</i>")])
    func textInsideIsSubtitles(fixture: String, language: String, cue: String) async throws {
        try await serving(fixture) { origin in
            let master = "/videos/film/hls/master.m3u8"
            let playlist = try await origin.media(master).text
            #expect(playlist.contains("TYPE=SUBTITLES"))
            #expect(playlist.contains(#"LANGUAGE="\#(language)""#))
            let lists = try await origin.references(master).filter { $0.contains("/text-") }
            let segments = try await origin.references(try #require(lists.first))
            let first = try await origin.media(try #require(segments.first))
            #expect(first["content-type"] == "text/vtt; charset=utf-8")
            #expect(first.text.contains(cue))
            let manifest = try await origin.media("/videos/film/dash/manifest.mpd").text
            #expect(manifest.contains(#"lang="\#(language)""#))
            let status = try await origin.admin("/status").text
            #expect(!status.contains("text format"))
        }
    }
}
