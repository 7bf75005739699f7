import Foundation
import OriginServer
import Testing

/// What the media listener answers to each kind of address.
struct AddressTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("ladder", to: "library/film")
    }

    @Test func everyAddressThatAPlayerFindsAnswers() async throws {
        try await RunningOrigin.serving(folder) { origin in
            var tags: Set<String> = []
            for entry in ["hls/master.m3u8", "hls-ts/master.m3u8"] {
                let playlists = try await origin.references("/videos/film/" + entry)
                #expect(playlists.count >= 3)
                for playlist in Set(playlists) {
                    let answer = try await origin.media(playlist)
                    #expect(answer.status == 200, "\(playlist)")
                    #expect(answer["content-type"] == "application/vnd.apple.mpegurl")
                    #expect(answer["cache-control"]?.contains("immutable") == true)
                    for segment in Set(try await origin.references(playlist)) {
                        let answer = try await origin.media(segment)
                        #expect(answer.status == 200, "\(segment)")
                        #expect(answer["content-length"] == "\(answer.body.count)")
                        #expect(!answer.body.isEmpty)
                        #expect(answer["content-type"] == Self.type(of: segment), "\(segment)")
                        tags.insert(try #require(answer["etag"]))
                    }
                }
            }
            #expect(tags.count == 1, "one asset, one version: \(tags)")
        }
    }

    private static func type(of segment: String) -> String {
        switch segment.split(separator: ".").last {
        case "ts": "video/mp2t"
        case "vtt": "text/vtt; charset=utf-8"
        default: segment.contains("/audio-") ? "audio/mp4" : "video/mp4"
        }
    }

    @Test func entryPointsAreOfTheirTypesAndSoonAskedForAgain() async throws {
        try await RunningOrigin.serving(folder) { origin in
            for (path, type) in [
                ("hls/master.m3u8", "application/vnd.apple.mpegurl"),
                ("dash/manifest.mpd", "application/dash+xml"), ("720p.mp4", "video/mp4"),
            ] {
                let answer = try await origin.media("/videos/film/" + path)
                #expect(answer.status == 200)
                #expect(answer["content-type"] == type)
                #expect(answer["cache-control"] == "public, max-age=2")
            }
        }
    }

    @Test(arguments: [
        ("/videos/nothing/hls/master.m3u8", 404, "video_not_found"),
        ("/videos/film/hls/other.m3u8", 404, "not_found"),
        ("/videos/film/480p.mp4", 404, "not_found"),
        ("/videos/film/en.vtt", 404, "not_found"),
        ("/videos/../etc/passwd", 400, "malformed_address"),
        ("/videos/%2e%2e/hls/master.m3u8", 400, "malformed_address"),
        ("/videos/film/..%2f..%2fetc/passwd", 400, "malformed_address"),
        ("/videos/.film/hls/master.m3u8", 400, "malformed_address"),
        ("/videos//hls/master.m3u8", 400, "malformed_address"),
        ("/", 400, "malformed_address"),
        ("/videos/film/hls/master.m3u8?start=5&end=4", 400, "invalid_clip"),
        ("/videos/film/hls/master.m3u8?start=x", 400, "invalid_clip"),
        ("/videos/film/hls/master.m3u8?start=1&start=2", 400, "invalid_clip"),
        ("/videos/film/dash/manifest.mpd?end=-1", 400, "invalid_clip"),
        ("/videos/film/hls/master.m3u8?quality=480p", 404, "not_found"),
        ("/videos/film/hls/master.m3u8?audio=fr", 404, "not_found"),
        ("/videos/film/0000000000000000/video-720p/1.m4s", 410, "version_gone"),
        ("/metrics", 400, "malformed_address"),
    ])
    func whatIsNotThereSaysSoInJSON(path: String, status: Int, code: String) async throws {
        try await RunningOrigin.serving(folder) { origin in
            let answer = try await origin.media(path)
            #expect(answer.status == status)
            #expect(answer["content-type"] == "application/json")
            let json = try JSONDecoder().decode(APIErrorBody.self, from: Data(answer.body))
            #expect(json.error.code == code)
        }
    }

    @Test(arguments: [
        "99.m4s", "0.m4s", "0-2.ts", "0-999.m4s", "1-999999999.m4s", "0-2.m4s", "i99.m4s",
        "init-2.mp4", "999999999.ts", "1.vtt", "all.vtt",
    ])
    func whatNoPlaylistNamesIsNotFound(item: String) async throws {
        try await RunningOrigin.serving(folder) { origin in
            let playlists = try await origin.references("/videos/film/hls/master.m3u8")
            let playlist = try #require(playlists.first { $0.contains("/video-720p/media") })
            let track = playlist.dropLast("media.m3u8".count)
            #expect(try await origin.media(track + item).status == 404)
        }
    }

    @Test func aClipNamesItsOwnSegmentsAndTheyAreThere() async throws {
        try await RunningOrigin.serving(folder) { origin in
            let whole = try await origin.media("/videos/film/hls/master.m3u8")
            let clip = try await origin.media("/videos/film/hls/master.m3u8?start=2.5&end=6")
            #expect(clip.status == 200)
            #expect(clip["etag"] != whole["etag"])
            #expect(clip.text.contains("media.m3u8?start=2.5&end=6"))
            let track = try #require(
                try await origin.references("/videos/film/hls/master.m3u8?start=2.5&end=6")
                    .first { $0.contains("/video-360p/media.m3u8") }
            )
            let segments = try await origin.references(track)
            #expect(segments.contains { $0.contains("-") && $0.hasSuffix(".m4s") })
            for segment in segments {
                #expect(try await origin.media(segment).status == 200, "\(segment)")
            }
        }
    }

    @Test func aRestrictedMasterHasOneQualityAndOneLanguage() async throws {
        try await RunningOrigin.serving(folder) { origin in
            let path = "/videos/film/hls/master.m3u8"
            let answer = try await origin.media(path + "?quality=720p&audio=en&utm=x")
            #expect(answer.text.contains("video-720p") && !answer.text.contains("video-1080p"))
            #expect(answer.text.contains("audio-en") && !answer.text.contains("audio-de"))
            let whole = try await origin.media(path)
            #expect(answer["etag"] != whole["etag"])
            #expect(whole.text.contains("video-1080p") && whole.text.contains("audio-de"))
        }
    }

    @Test func headSaysWhatGetWouldAndSendsNothing() async throws {
        try await RunningOrigin.serving(folder) { origin in
            let segment = try await Self.segment(origin)
            for path in [segment, "/videos/film/hls/master.m3u8", "/videos/film/1080p.mp4"] {
                let get = try await origin.media(path)
                let head = try await origin.media(path, method: "HEAD")
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                for name in ["content-length", "etag", "content-type", "last-modified"] {
                    #expect(head[name] == get[name], "\(name) of \(path)")
                }
            }
        }
    }

    @Test func rangesOfGeneratedSegmentsAreTheirBytes() async throws {
        try await RunningOrigin.serving(folder) { origin in
            let segment = try await Self.segment(origin)
            let whole = try await origin.media(segment)
            let tag = try #require(whole["etag"])
            let size = whole.body.count
            for (range, bytes) in [
                ("bytes=0-99", whole.body[..<100]), ("bytes=100-4999", whole.body[100..<5000]),
                ("bytes=-10", whole.body[(size - 10)...]),
            ] {
                let part = try await origin.media(
                    segment,
                    fields: ["Range": range, "If-Range": tag]
                )
                #expect(part.status == 206)
                #expect(part.body == Array(bytes), "\(range)")
                #expect(part["content-range"]?.hasSuffix("/\(size)") == true)
            }
            let other = ["Range": "bytes=0-9", "If-Range": "\"other\""]
            #expect(try await origin.media(segment, fields: other).body == whole.body)
            let beyond = try await origin.media(segment, fields: ["Range": "bytes=\(size)-"])
            #expect(beyond.status == 416)
            #expect(beyond["content-range"] == "bytes */\(size)")
        }
    }

    @Test func whatIsKnownIsNotSentAgain() async throws {
        try await RunningOrigin.serving(folder) { origin in
            for path in [try await Self.segment(origin), "/videos/film/dash/manifest.mpd"] {
                let tag = try #require(try await origin.media(path)["etag"])
                let again = try await origin.media(path, fields: ["If-None-Match": tag])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again["etag"] == tag)
                let other = try await origin.media(path, fields: ["If-None-Match": "\"x\""])
                #expect(other.status == 200)
            }
        }
    }

    @Test func manyAskForAFileOfSeveralQualitiesAtOnce() async throws {
        // More qualities than plans are kept of, each made while another one is dropped.
        let bytes = try folder.bytes("library/film/360p.mp4")
        for name in ["a", "b", "c", "d", "e"] {
            try folder.write("library/many/\(name).mp4", bytes)
        }
        let (folder, names) = (folder, ["a", "b", "c", "d", "e"])
        try await RunningOrigin.serving(folder) { origin in
            let found = try await origin.references("/videos/many/hls/master.m3u8")
            let labels = Set(
                found.compactMap { path in
                    path.split(separator: "/").first { $0.hasPrefix("video-") }?.dropFirst(6)
                }
            )
            #expect(labels.count >= 4, "\(labels) of \(names)")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for label in labels {
                    for _ in 0..<8 {
                        group.addTask {
                            let range = ["Range": "bytes=0-99"]
                            let path = "/videos/many/\(label).mp4"
                            return try await origin.media(path, fields: range).status
                        }
                    }
                }
                for try await status in group { #expect(status == 206) }
            }
        }
    }

    /// A media segment of the film.
    private static func segment(_ origin: RunningOrigin) async throws -> String {
        let playlists = try await origin.references("/videos/film/hls/master.m3u8")
        let playlist = try #require(playlists.first { $0.contains("/video-720p/media") })
        return try #require(try await origin.references(playlist).first { $0.hasSuffix("/2.m4s") })
    }
}

/// An error as every JSON address says it.
struct APIErrorBody: Decodable {
    struct Content: Decodable {
        var code: String
        var message: String
    }

    var error: Content
}
