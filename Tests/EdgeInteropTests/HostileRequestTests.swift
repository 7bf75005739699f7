import NIOCore
import TestSupport
import Testing

extension EdgeFaults {
    /// Requests that no player sends.
    @Suite(.timeLimit(.minutes(2)))
    struct HostileRequestTests {
        private func origin() async throws -> ScriptedOrigin {
            try await ScriptedOrigin.start { ScriptedOrigin.Step.answer("at \($0.target)") }
        }

        /// What two programs could read as two different requests.
        static let smuggled = [
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nabcde",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/secret HTTP/1.1\r\n\r\n",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "POST /api/x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /api/x HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
            "GET /api/x HTTP/1.1\nHost: a\n\n",
            "GET /api/x HTTP/1.1\r\nHost: a\nContent-Length: 0\r\n\r\n",
            "GET /api/x HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
            "GET /api/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /api/x HTTP/1.1\r\n\r\n",
            "GET  /api/x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/x y HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/x\u{0}y HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/x HTTP/1.1\r\nHost: a\r\nX\u{0}: b\r\n\r\n",
            "GET /api/x HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n",
            "GET api/x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/x HTTP/3.7\r\nHost: a\r\n\r\n",
        ]

        @Test(arguments: smuggled)
        func whatCanBeReadInTwoWaysIsRefusedAndTheConnectionEnds(_ text: String) async throws {
            let origin = try await origin()
            try await withEdge([origin.url]) { edge async throws in
                let viewer = try await edge.viewer()
                try await viewer.send(text + "GET /api/next HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = await viewer.untilClosed()
                let status = answer.split(separator: " ").dropFirst().first ?? ""
                #expect(["400", "501", "505"].contains(status), "\(answer.prefix(200))")
                #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "one answer, then the end")
            }
            #expect(!origin.requests.contains { $0.target != "/api/x" })
            #expect(!origin.requests.contains { !$0.body.isEmpty })
            await origin.kill()
        }

        @Test func aChunkedBodyThatLiesReachesNobodyAsAnother() async throws {
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("ok") }
            try await withEdge([origin.url]) { edge async throws in
                let head =
                    "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                for body in ["-1\r\n\r\n", "5 \nabcde\r\n0\r\n\r\n", "5\r\nabcdeXX0\r\n\r\n"] {
                    let viewer = try await edge.viewer()
                    try await viewer.send(head + body + "GET /api/next HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = await viewer.untilClosed()
                }
            }
            #expect(origin.count("/api/next") == 0)
            await origin.kill()
        }

        @Test func hugeHeadsAreRefused() async throws {
            let origin = try await origin()
            try await withEdge([origin.url]) { edge async throws in
                let long = String(repeating: "a", count: 100_000)
                let many = (1...2000).map { "X-\($0): 1\r\n" }.joined()
                let requests = [
                    ("GET /videos/\(long) HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
                    ("GET /videos/a HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n", "431"),
                    ("GET /videos/a HTTP/1.1\r\nHost: a\r\n\(many)\r\n", "431"),
                ]
                for (request, status) in requests {
                    let viewer = try await edge.viewer()
                    try? await viewer.send(request)
                    let answer = await viewer.untilClosed()
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(100))")
                }
            }
            #expect(origin.requests.isEmpty)
            await origin.kill()
        }

        @Test func aHeadThatDripsInIsCutAndOthersAreServed() async throws {
            let origin = try await origin()
            let options = ["connections.head_timeout": "1s", "connections.idle_timeout": "2s"]
            try await withEdge([origin.url], options) { edge async throws in
                var slow: [Viewer] = []
                for _ in 0..<50 { slow.append(try await edge.viewer()) }
                let start = ContinuousClock.now
                for viewer in slow {
                    try await viewer.send("GET /videos/a/b.m4s HTTP/1.1\r\nX: ")
                    // A byte now and then buys no time.
                    viewer.drip("a", every: .milliseconds(100))
                }
                #expect(try await edge.get("/videos/a/b.m4s").status == 200)
                for viewer in slow { _ = await viewer.untilClosed() }
                #expect(ContinuousClock.now - start < .seconds(8))
                #expect(try await edge.get("/videos/a/b.m4s").status == 200)
            }
            await origin.kill()
        }

        @Test(arguments: [
            "/videos/%2e%2e/secret", "/videos/a/%2E%2e/b.m4s", "/videos//a.m4s", "/videos/./a.m4s",
            "/videos/a/../../etc/passwd", "/videos/a\\b.m4s", "/videos/a%5cb.m4s",
            "/videos/a%2fb.m4s", "/videos/a%00.m4s", "/videos/a/b.m4s/", "/videos/a/..;/b.m4s",
            "/live/%6dain/a.m3u8", "/live/..", "/videos/a/b.m4s%20", "/videos/a/b%ff.m4s",
        ])
        func anAddressHasOneSpelling(_ path: String) async throws {
            let origin = try await origin()
            try await withEdge([origin.url]) { edge async throws in
                #expect(try await edge.get(path).status == 400, "\(path)")
            }
            #expect(origin.requests.isEmpty)
            await origin.kill()
        }

        @Test(arguments: [
            "//videos/a/b.m4s", "/%76ideos/a/b.m4s", "/VIDEOS/a/b.m4s", "/x/../videos/a/b.m4s",
            "/./videos/a/b.m4s", "/videos%2fa/b.m4s", "/\\videos/a/b.m4s",
        ])
        func aSecondWayToWriteProtectedMediaOpensNothing(_ path: String) async throws {
            let origin = try await origin()
            let key = "1:" + String(repeating: "ab", count: 32)
            try await withEdge([origin.url], ["access.keys": "[\"\(key)\"]"]) { edge async throws in
                let status = try await edge.get(path).status
                // Another case is another place, which the API may know; the rest is refused.
                #expect(path.hasPrefix("/VIDEOS") ? status == 200 : [400, 403].contains(status))
            }
            await origin.kill()
        }

        @Test func whatDiffersOnlyInWhatHasNoMeaningIsOneThing() async throws {
            let origin = try await origin()
            try await withEdge([origin.url]) { edge async throws in
                let list = "/videos/a/hls/master.m3u8"
                let one = ["start=1&end=9", "end=9&start=1", "utm=x&end=9&start=1&CMCD=br%3D1"]
                for query in one {
                    let text = try await edge.get("\(list)?\(query)").text
                    #expect(text == "at \(list)?end=9&start=1")
                }
                #expect(origin.requests.count == 1)
                for query in ["?x=1", "?x=2", "", "?start", "?%73tart=1"] {
                    let segment = "/videos/a/v1/1.m4s"
                    #expect(try await edge.get(segment + query).text == "at \(segment)")
                }
                #expect(origin.requests.count == 2)
            }
            await origin.kill()
        }

        @Test func whatDiffersInWhatHasAMeaningIsNot() async throws {
            let origin = try await origin()
            try await withEdge([origin.url]) { edge async throws in
                let list = "/videos/a/hls/master.m3u8"
                let different = [
                    list, list + "?start=1", list + "?start=2", list + "?end=1",
                    list + "?quality=360p", list + "?audio=de", "/videos/A/hls/master.m3u8",
                    "/videos/a/dash/manifest.mpd",
                ]
                for _ in 1...2 {
                    for target in different {
                        #expect(try await edge.get(target).text == "at \(target)")
                    }
                }
                #expect(origin.requests.count == different.count)
                // Of two values nobody knows which one an origin takes.
                #expect(try await edge.get(list + "?start=1&start=2").status == 400)
                #expect(try await edge.get(list + "?start=1%26end=2").status == 400)
            }
            await origin.kill()
        }

        @Test func aViewersHostAndFieldsDoNotReachWhatIsKept() async throws {
            let origin = try await ScriptedOrigin.start { request in
                let seen = ["x-forwarded-host", "x-original-url", "cookie", "accept-language"]
                    .compactMap { request.fields[$0] }
                return ScriptedOrigin.Step.answer("host \(request.fields["host"] ?? "") \(seen)")
            }
            try await withEdge([origin.url]) { edge async throws in
                let fields = [
                    "X-Forwarded-Host": "evil", "X-Original-URL": "/evil", "Cookie": "a=b",
                    "Accept-Language": "xx", "X-Forwarded-For": "1.2.3.4",
                ]
                let viewer = try await edge.viewer()
                try await viewer.send(
                    "GET /videos/a/1.m4s HTTP/1.1\r\nHost: evil.example\r\n"
                        + fields.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n"
                )
                let first = try await viewer.reply().text
                #expect(!first.contains("evil") && first.hasSuffix(" []"))
                #expect(try await edge.get("/videos/a/1.m4s").text == first)
                try await viewer.send("GET http://other/videos/a/1.m4s HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await viewer.reply().text == first)
                await viewer.close()
            }
            #expect(origin.requests.count == 1)
            await origin.kill()
        }

        @Test func aThousandRangesAreOneWholeBodyAtMost() async throws {
            let body = Bytes.of("film", count: 100_000)
            let origin = try await ScriptedOrigin.start { _ in
                ScriptedOrigin.Step.answer(
                    body,
                    fields: ["ETag: \"a\"", "Cache-Control: max-age=60"]
                )
            }
            try await withEdge([origin.url]) { edge async throws in
                let path = "/videos/a/v1/1.m4s"
                let bomb = "bytes=" + (0..<1000).map { "\($0)-" }.joined(separator: ",")
                let reply = try await edge.get(path, fields: ["Range": bomb])
                #expect(reply.status == 200 && reply.body == body)
                let ranges: [(String, Int, Range<Int>)] = [
                    ("bytes=0-9", 206, 0..<10), ("bytes=-10", 206, 99_990..<100_000),
                    ("bytes=99999-", 206, 99_999..<100_000), ("bytes=5-4", 200, 0..<100_000),
                    ("bytes=0-99999999999999999999", 206, 0..<100_000),
                    ("lines=1-2", 200, 0..<100_000), ("bytes=-", 200, 0..<100_000),
                ]
                for (range, status, bytes) in ranges {
                    let reply = try await edge.get(path, fields: ["Range": range])
                    #expect(reply.status == status && reply.body == Array(body[bytes]), "\(range)")
                }
                #expect(try await edge.get(path, fields: ["Range": "bytes=100000-"]).status == 416)
                #expect(try await edge.get(path, fields: ["Range": "bytes=-0"]).status == 416)
                // Another version than the viewer has: all of it.
                let other = ["Range": "bytes=0-9", "If-Range": "\"b\""]
                #expect(try await edge.get(path, fields: other).body == body)
            }
            #expect(origin.requests.count == 1)
            await origin.kill()
        }

        @Test func theOperatorsListenerIsNotThePlayers() async throws {
            let origin = try await ScriptedOrigin.start { _ in
                ScriptedOrigin.Step.answer("no", status: "404 No", fields: [])
            }
            try await withEdge([origin.url]) { edge async throws in
                for path in ["/metrics", "/status", "/purge?*"] {
                    #expect(try await edge.get(path).status == 404)
                }
                #expect(try await edge.admin("/purge?*").status == 405)
            }
            await origin.kill()
        }
    }
}
