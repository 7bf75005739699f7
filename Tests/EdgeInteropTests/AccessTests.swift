import Foundation
import TestSupport
import Testing

extension EdgeFaults {
    /// Signed addresses, from `edge sign` to a segment.
    @Suite(.timeLimit(.minutes(2)))
    struct AccessTests {
        private let key = "7:" + String(repeating: "0f", count: 32)
        private let list = "/videos/film/hls/master.m3u8"

        private func origin() async throws -> ScriptedOrigin {
            try await ScriptedOrigin.start { request in
                ScriptedOrigin.Step.answer(
                    request.target.hasSuffix(".m3u8") ? "#EXTM3U\n../v1/1.m4s\n" : "media"
                )
            }
        }

        private func signed(_ edge: EdgeProcess, _ words: String...) async throws -> String {
            try await edge.command(["sign"] + words)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }

        @Test func aSignedPlaylistsRelativeAddressesKeepItsToken() async throws {
            let origin = try await origin()
            try await withEdge([origin.url], ["access.keys": "[\"\(key)\"]"]) { edge async throws in
                #expect(try await edge.get(list).status == 403)
                let one = try await signed(edge, list, "--viewer", "ann")
                let two = try await signed(edge, list, "--viewer", "bob")
                #expect(one != two)
                for address in [one, two] {
                    let playlist = try await edge.get(address)
                    #expect(playlist.status == 200)
                    let line = try #require(playlist.text.split(separator: "\n").last)
                    let folder = address.split(separator: "/").dropLast(2).joined(separator: "/")
                    let segment = "/" + folder + line.dropFirst(2)
                    #expect(try await edge.get(segment).text == "media", "\(segment)")
                }
                // Two viewers, one playlist and one segment.
                #expect(origin.requests.map(\.target).sorted() == [list, "/videos/film/v1/1.m4s"])
            }
            await origin.kill()
        }

        @Test func aForeignLateOrBrokenTokenIsRefusedAlsoForWhatIsKept() async throws {
            let origin = try await origin()
            try await withEdge([origin.url], ["access.keys": "[\"\(key)\"]"]) { edge async throws in
                let good = try await signed(edge, list)
                #expect(try await edge.get(good).status == 200)
                let token = try #require(good.split(separator: "/").dropFirst().first)
                var broken = Array(token)
                broken[10] = broken[10] == "A" ? "B" : "A"
                let refused = [
                    // For another video, over already, changed, cut, and for another network.
                    "/_t/\(token)/videos/other/hls/master.m3u8",
                    try await signed(edge, list, "--seconds=-120"),
                    "/_t/\(String(broken))\(list)", "/_t/\(token.dropLast())\(list)",
                    "/_t/\(list)", "/_t/x\(list)",
                    try await signed(edge, list, "--client", "10.0.0.0/8"),
                ]
                for address in refused {
                    let reply = try await edge.get(address)
                    #expect([400, 403].contains(reply.status), "\(address): \(reply.status)")
                    #expect(!reply.text.contains("EXTM3U"))
                }
                #expect(origin.requests.count == 1)
                #expect(try await edge.metric("millrace_access_refusals_total") >= 5)
                #expect(!edge.log.contains(token), "no token in a log")
            }
            await origin.kill()
        }

        @Test func aTokenInTheQueryIsRedirectedAndACookieWorks() async throws {
            let origin = try await origin()
            try await withEdge([origin.url], ["access.keys": "[\"\(key)\"]"]) { edge async throws in
                let good = try await signed(edge, list)
                let token = try #require(good.split(separator: "/").dropFirst().first)
                let reply = try await edge.get("\(list)?token=\(token)&start=1")
                #expect(reply.status == 307)
                #expect(reply.value("location") == "\(good)?start=1")
                let cookie = ["Cookie": "a=b; millrace_token=\(token)"]
                #expect(try await edge.get(list, fields: cookie).status == 200)
                #expect(!origin.requests.contains { $0.head.contains(token) })
            }
            await origin.kill()
        }

        @Test func keysAreChangedByReloadsWithoutARefusal() async throws {
            let origin = try await origin()
            let new = "8:" + String(repeating: "e1", count: 32)
            try await withEdge([origin.url], ["access.keys": "[\"\(key)\"]"]) { edge async throws in
                let old = try await signed(edge, list)
                let read = "the configuration was read again"
                try edge.reload(["access.keys": "[\"\(key)\", \"\(new)\"]"])
                try await eventually("both keys are known") { edge.logged(read) == 1 }
                let later = try await signed(edge, list)
                #expect(try await edge.get(old).status == 200)
                #expect(try await edge.get(later).status == 200)
                try edge.reload(["access.keys": "[\"\(new)\"]"])
                try await eventually("the old key is gone") { edge.logged(read) == 2 }
                #expect(try await edge.get(old).status == 403)
                #expect(try await edge.get(later).status == 200)
            }
            await origin.kill()
        }
    }
}
