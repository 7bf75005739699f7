import Foundation
import OriginServer
import Platform
import Testing

/// What each listener says, and that it says nothing else.
struct ListenerTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.copy("ladder", to: "library/film")
        try folder.write("library/bad.mp4", Array("no video".utf8))
    }

    @Test func metricsAreOfPrometheusForm() async throws {
        try await RunningOrigin.serving(folder) { origin in
            _ = try await origin.media("/videos/film/hls/master.m3u8")
            _ = try await origin.media("/videos/bad/hls/master.m3u8")
            let answer = try await origin.admin("/metrics")
            #expect(answer["content-type"] == "text/plain; version=0.0.4")
            var typed: Set<Substring> = []
            let sample = /([a-z_]+)(\{([a-z_]+="[^"\\]*",?)+\})? ([0-9.e+-]+|NaN)/
            for line in answer.text.split(separator: "\n") {
                if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                    #expect(typed.insert(match.1).inserted, "two types: \(line)")
                } else if !line.hasPrefix("# HELP ") {
                    let match = try #require(line.wholeMatch(of: sample), "\(line)")
                    let name = match.1.replacing(/_(bucket|sum|count)$/, with: "")
                    #expect(typed.contains(name[...]) || typed.contains(match.1), "\(line)")
                }
            }
            #expect(answer.text.contains("millrace_assets_looked_up_total{result=\"built\"} 1\n"))
            #expect(answer.text.contains("millrace_assets_looked_up_total{result=\"failed\"} 1\n"))
            #expect(answer.text.contains("millrace_assets_open 2\n"))
        }
    }

    @Test func statusIsJSONWhateverTheReasonsHold() async throws {
        // A box whose name is a quote, a backslash, a line feed and a tab.
        try folder.write("library/quote.mp4", [0, 0, 0, 40, 0x22, 0x5C, 0x0A, 0x09])
        try await RunningOrigin.serving(folder) { origin in
            for id in ["film", "bad", "quote"] {
                _ = try await origin.media("/videos/\(id)/hls/master.m3u8")
            }
            let status = try JSONDecoder().decode(
                Status.self,
                from: Data(try await origin.admin("/status").body)
            )
            #expect(status.videos.map(\.id) == ["bad", "film", "quote"])
            #expect(status.videos.map(\.state) == ["broken", "ready", "broken"])
            #expect(status.videos[1].tracks?.count == 5)
        }
    }

    private struct Status: Decodable {
        struct Video: Decodable {
            var id: String
            var state: String
            var tracks: [String]?
        }

        var videos: [Video]
    }

    @Test func operatorsAddressesAreOnTheirListenerOnly() async throws {
        try await RunningOrigin.serving(folder) { origin in
            for path in ["/metrics", "/status", "/healthz", "/readyz"] {
                let answers = [
                    try await origin.admin(path), try await origin.api(path),
                    try await origin.media(path),
                ]
                #expect(answers.map(\.status) == [200, 404, 400], "\(path)")
            }
        }
    }

    @Test(arguments: [
        "/api", "/api/", "/api/v1/nothing", "/api/v2/videos", "/api/v1/videos/film/x",
    ])
    func unknownAddressesOfTheAPIAreErrorsOfTheAPI(path: String) async throws {
        try await RunningOrigin.serving(folder) { origin in
            let answer = try await origin.api(path)
            #expect(answer.status == 404)
            #expect(answer["content-type"] == "application/json")
            let start = #"{"error":{"code":"not_found","message":""#
            #expect(answer.text.hasPrefix(start))
        }
    }

    @Test func theLibraryIsListedPageByPage() async throws {
        for id in ["a", "b", "c"] {
            try folder.write("library/\(id).mp4", try folder.bytes("library/film/360p.mp4"))
        }
        try await RunningOrigin.serving(folder) { origin in
            var (seen, cursor): ([String], String?) = ([], nil)
            repeat {
                let tail = cursor.map { "&cursor=" + $0 } ?? ""
                let answer = try await origin.api("/api/v1/videos?limit=2" + tail)
                let page = try JSONDecoder().decode(Page.self, from: Data(answer.body))
                seen += page.videos.map(\.id)
                cursor = page.next_cursor
            } while cursor != nil
            #expect(seen == ["a", "b", "c", "film"])
            for limit in ["0", "201", "x", "-1", "99999999999999999999"] {
                #expect(try await origin.api("/api/v1/videos?limit=" + limit).status == 400)
            }
        }
    }

    private struct Page: Decodable {
        struct Video: Decodable { var id: String }

        var videos: [Video]
        var next_cursor: String?
    }

    @Test func pagesEscapeWhatTheyRepeat() async throws {
        let title = "<b>\"Films\" & 'more'"
        try await RunningOrigin.serving(folder, options: ["page.title": title]) { origin in
            for path in ["/", "/watch/film", "/watch/%3Cscript%3E", "/watch/x\"y"] {
                let text = try await origin.api(path).text
                #expect(!text.contains("<b>"), "\(path)")
                #expect(!text.contains("<script>"), "\(path)")
                #expect(!text.contains("x\"y"), "\(path)")
            }
        }
    }

    @Test(arguments: ["media.listen", "api.listen", "admin.listen", "live.rtmp.listen"])
    func aPortInUseIsToldInTheWordsOfTheOption(option: String) async throws {
        try await RunningOrigin.serving(folder) { origin in
            let taken = origin.addresses.media
            let other = try TemporaryFolder()
            let failure = await #expect(throws: ListenError.self) {
                try await RunningOrigin.serving(other, options: [option: "\(taken)"]) { _ in }
            }
            #expect(
                failure?.description
                    == "\(option): cannot listen on \(taken): another program listens there"
            )
        }
    }
}
