import Foundation
import OriginServer
import Testing

/// Files that change while they are served.
struct ReplacementTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("basic", to: "library/talk.mp4")
    }

    @Test func oldAddressesAreGoneAndNewOnesAreThere() async throws {
        try await RunningOrigin.serving(folder) { origin in
            let master = "/videos/talk/hls/master.m3u8"
            let old = try await origin.references(master)
            try await origin.folder.replace("library/talk.mp4", with: "bframes")
            let new = try await origin.references(master)
            #expect(Set(old).isDisjoint(with: new))
            for path in old { #expect(try await origin.media(path).status == 410) }
            for path in new { #expect(try await origin.media(path).status == 200) }
        }
    }

    @Test func anAnswerUnderWayEndsWithTheBytesItBeganWith() async throws {
        try await folder.copy("ladder", to: "ladder")
        try folder.write("library/long.mp4", try folder.bytes("ladder/1080p.mp4"))
        try await RunningOrigin.serving(folder) { origin in
            // More than what the sockets between the two hold.
            let path = "/videos/long/1080p.mp4"
            let whole = try await origin.media(path)
            #expect(whole.body.count > 5_000_000)
            let slow = try await Client.get(origin.addresses.media, path) {
                try await origin.folder.replace("library/long.mp4", with: "basic")
                #expect(try await origin.media(path).status == 404)
            }
            #expect(slow.body == whole.body)
        }
    }

    @Test func whatIsBrokenIsABadGatewayOnEveryAddress() async throws {
        try folder.write("library/bad.mp4", Array("no video \"here\"\n".utf8))
        try await RunningOrigin.serving(folder) { origin in
            for path in ["hls/master.m3u8", "dash/manifest.mpd", "720p.mp4"] {
                let answer = try await origin.media("/videos/bad/" + path)
                #expect(answer.status == 502)
                #expect(answer["cache-control"] == "no-store")
                let json = try JSONDecoder().decode(APIErrorBody.self, from: Data(answer.body))
                #expect(json.error.message.contains("bad.mp4"))
            }
            #expect(try await origin.api("/api/v1/videos/bad").status == 502)
            #expect(try await origin.api("/watch/bad").status == 502)
        }
    }

    @Test func aLibraryThatIsGoneIsA503AndNotReady() async throws {
        try await RunningOrigin.serving(folder) { origin in
            #expect(try await origin.admin("/readyz").status == 200)
            try origin.folder.move("library", to: "aside")
            let answer = try await origin.media("/videos/talk/hls/master.m3u8")
            #expect(answer.status == 503)
            #expect(!answer.text.contains(origin.folder.path))
            #expect(try await origin.admin("/readyz").status == 503)
            #expect(try await origin.admin("/healthz").status == 200)
            try origin.folder.move("aside", to: "library")
            #expect(try await origin.media("/videos/talk/hls/master.m3u8").status == 200)
            #expect(try await origin.admin("/readyz").status == 200)
        }
    }
}
