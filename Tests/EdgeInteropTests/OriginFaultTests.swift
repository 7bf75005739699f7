import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

extension EdgeFaults {
    /// Origins that break off, lie and fall silent.
    @Suite(.timeLimit(.minutes(2)))
    struct OriginFaultTests {
        private let segment = "/videos/film/v1/1.m4s"
        private let body = Bytes.of("film", count: 300_000)

        /// A segment with a strong tag, which answers ranges; what `break` says happens at first.
        private func script(
            tag: String = "\"one\"",
            body: [UInt8],
            first: @escaping @Sendable ([UInt8]) -> [ScriptedOrigin.Step]? = { _ in nil }
        ) -> ScriptedOrigin.Script {
            { request in
                if request.number == 1, let steps = first(body) { return steps }
                let life = ["Cache-Control: public, max-age=3600", "ETag: \(tag)"]
                guard let range = request.fields["range"], request.fields["if-range"] == tag,
                    let from = Int(range.dropFirst(6).prefix { $0 != "-" })
                else { return ScriptedOrigin.Step.answer(body, fields: life) }
                return ScriptedOrigin.Step.answer(
                    Array(body[from...]),
                    status: "206 Partial Content",
                    fields: life + [
                        "Content-Range: bytes \(from)-\(body.count - 1)/\(body.count)"
                    ]
                )
            }
        }

        private static func head(_ size: Int, tag: String = "\"one\"") -> ScriptedOrigin.Step {
            .send(
                "HTTP/1.1 200 OK\r\nCache-Control: public, max-age=3600\r\nETag: \(tag)\r\n"
                    + "Content-Length: \(size)\r\n\r\n"
            )
        }

        /// What becomes of a body that stops after 100 000 bytes.
        enum Break: CaseIterable, Sendable {
            case reset, close, halfClose, stall

            var step: ScriptedOrigin.Step {
                switch self {
                case .reset: .reset
                case .close: .close
                case .halfClose: .halfClose
                case .stall: .hold(Latch())
                }
            }
        }

        @Test(arguments: Break.allCases)
        func aBodyThatBreaksOffIsHealedFromASecondOrigin(_ kind: Break) async throws {
            let broken: @Sendable ([UInt8]) -> [ScriptedOrigin.Step]? = { body in
                [Self.head(body.count), .bytes(Array(body[..<100_000])), .pause(.milliseconds(50))]
                    + [kind.step]
            }
            let first = try await ScriptedOrigin.start(script(body: body, first: broken))
            let second = try await ScriptedOrigin.start(script(body: body))
            let origins = [first.url, second.url + " backup"]
            try await withEdge(origins, ["origin.stall_timeout": "500ms"]) { edge async throws in
                let reply = try await edge.get(segment)
                #expect(reply.status == 200 && reply.isWhole)
                #expect(reply.body == body)
                let healing = try #require(second.requests.first)
                #expect(healing.fields["range"] == "bytes=100000-")
                #expect(healing.fields["if-range"] == "\"one\"")
                // Put together right, it is as good as any other.
                #expect(try await edge.get(segment).body == body)
                #expect(first.count(segment) == 1 && second.count(segment) == 1)
                #expect(try await edge.metric("millrace_edge_heals_total") == 1)
            }
            await first.kill()
            await second.kill()
        }

        @Test func anotherVersionIsNeverMixedIn() async throws {
            let broken: @Sendable ([UInt8]) -> [ScriptedOrigin.Step]? = { body in
                [Self.head(body.count), .bytes(Array(body[..<100_000])), .pause(.milliseconds(50))]
                    + [.reset]
            }
            let other = Bytes.of("other", count: 300_000)
            let first = try await ScriptedOrigin.start(script(body: body, first: broken))
            let second = try await ScriptedOrigin.start(script(tag: "\"two\"", body: other))
            try await withEdge([first.url, second.url + " backup"]) { edge async throws in
                let reply = try await edge.get(segment)
                #expect(!reply.isWhole, "the connection closes before the length it promised")
                #expect(body.starts(with: reply.body))
                let next = try await edge.get(segment)
                #expect(next.isWhole && (next.body == body || next.body == other))
            }
            await first.kill()
            await second.kill()
        }

        @Test(arguments: Break.allCases)
        func aBodyThatCannotBeHealedIsNeverKept(_ kind: Break) async throws {
            let body = body
            // Without a tag nobody knows whether the rest belongs to it.
            let origin = try await ScriptedOrigin.start { request in
                guard request.number == 1 else { return ScriptedOrigin.Step.answer(body) }
                return [
                    .send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"),
                    .send("Content-Length: \(body.count)\r\n\r\n"),
                    .bytes(Array(body[..<1000])), .pause(.milliseconds(50)), kind.step,
                ]
            }
            try await withEdge([origin.url], ["origin.stall_timeout": "500ms"]) {
                edge async throws in
                let reply = try await edge.get(segment)
                #expect(!reply.isWhole && reply.body == Array(body[..<1000]))
                let next = try await edge.get(segment)
                #expect(next.isWhole && next.body == body)
                #expect(origin.count(segment) == 2)
            }
            await origin.kill()
        }

        @Test func aChunkedBodyWithoutItsEndIsNeverKept() async throws {
            let origin = try await ScriptedOrigin.start { request in
                let head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
                let start = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                guard request.number == 1 else { return [.send(start + "0\r\n\r\n")] }
                return [.send(start), .pause(.milliseconds(50)), .close]
            }
            try await withEdge([origin.url]) { edge async throws in
                let viewer = try await edge.viewer()
                try await viewer.ask(segment)
                let text = await viewer.untilClosed()
                #expect(text.hasPrefix("HTTP/1.1 200 "))
                #expect(!text.contains("\r\n0\r\n\r\n"), "no end that the origin did not send")
                let next = try await edge.get(segment)
                #expect(next.isWhole && next.text == "abc")
                #expect(origin.count(segment) == 2)
            }
            await origin.kill()
        }

        @Test func bytesBehindALengthAreNobodysAnswer() async throws {
            let other = "/videos/film/v1/2.m4s"
            let origin = try await ScriptedOrigin.start { request in
                guard request.number == 1 else { return ScriptedOrigin.Step.answer("right") }
                let lie = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"
                return [.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n")]
                    + [.send("Content-Length: 5\r\n\r\nfirst" + lie)]
            }
            try await withEdge([origin.url], ["origin.connections": "1"]) { edge async throws in
                #expect(try await edge.get(segment).text == "first")
                // The next one on that connection would be given what was left over.
                origin.become { _ in ScriptedOrigin.Step.answer("right") }
                #expect(try await edge.get(other).text == "right")
                #expect(try await edge.get(segment).text != "wrong")
            }
            await origin.kill()
        }

        @Test func aSlowOriginIsLeftForAnotherWithinTheTimeOfOneRequest() async throws {
            let never = Latch()
            let slow = try await ScriptedOrigin.start { _ in [.hold(never)] }
            let quick = try await ScriptedOrigin.start(script(body: body))
            let options = ["origin.head_timeout": "300ms", "origin.budget": "5s"]
            try await withEdge([slow.url, quick.url + " backup"], options) { edge async throws in
                let start = ContinuousClock.now
                #expect(try await edge.get(segment).body == body)
                #expect(ContinuousClock.now - start < .seconds(3))
            }
            await slow.kill()
            await quick.kill()
        }

        @Test func withoutAnyAnswerAViewerHearsSoInTime() async throws {
            let never = Latch()
            let slow = try await ScriptedOrigin.start { _ in [.hold(never)] }
            let options = ["origin.head_timeout": "300ms", "origin.budget": "1s"]
            try await withEdge([slow.url], options) { edge async throws in
                let start = ContinuousClock.now
                #expect(try await edge.get(segment).status == 504)
                #expect(ContinuousClock.now - start < .seconds(3))
            }
            await slow.kill()
        }

        @Test func anErrorOfOneOriginIsNotHeardWhileAnotherAnswers() async throws {
            let ill = try await ScriptedOrigin.start { _ in
                ScriptedOrigin.Step.answer("no", status: "500 No")
            }
            let well = try await ScriptedOrigin.start(script(body: body))
            try await withEdge([ill.url, well.url + " backup"]) { edge async throws in
                let reply = try await edge.get(segment)
                #expect(reply.status == 200 && reply.body == body)
            }
            await ill.kill()
            await well.kill()
        }

        @Test func anErrorWithoutALifeIsNotKept() async throws {
            let origin = try await ScriptedOrigin.start { request in
                request.number == 1
                    ? ScriptedOrigin.Step.answer("no", status: "500 No", fields: [])
                    : ScriptedOrigin.Step.answer("yes")
            }
            try await withEdge([origin.url]) { edge async throws in
                #expect(try await edge.get(segment).status == 500)
                #expect(try await edge.get(segment).text == "yes")
            }
            await origin.kill()
        }

        @Test(arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 1\r\n\r\na",
            "HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\na",
            "nonsense\r\n\r\n",
        ])
        func anAnswerThatCanBeReadInTwoWaysIsNone(_ answer: String) async throws {
            let origin = try await ScriptedOrigin.start { request in
                request.number == 1 ? [.send(answer)] : ScriptedOrigin.Step.answer("right")
            }
            try await withEdge([origin.url]) { edge async throws in
                #expect(try await edge.get(segment).status == 502)
                #expect(try await edge.get(segment).text == "right")
            }
            await origin.kill()
        }

        @Test func anEndlessHeadIsCutOff() async throws {
            let line = "X-Long: " + String(repeating: "x", count: 8000) + "\r\n"
            let head = "HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 200)
            let origin = try await ScriptedOrigin.start { _ in [.send(head)] }
            try await withEdge([origin.url]) { edge async throws in
                #expect(try await edge.get(segment).status == 502)
            }
            await origin.kill()
        }

        @Test func aKilledOriginIsNoticedAndFoundAgain() async throws {
            let script = script(body: body)
            let origin = try await ScriptedOrigin.start(script)
            let options = ["lives.vod_manifest": "300ms", "origin.budget": "2s"]
            try await withEdge([origin.url], options) { edge async throws in
                let playlist = "/videos/film/hls/master.m3u8"
                let text = "#EXTM3U\n"
                origin.become { request in
                    request.target == playlist
                        ? ScriptedOrigin.Step.answer(text, fields: ["ETag: \"list\""])
                        : script(request)
                }
                #expect(try await edge.get(playlist).text == text)
                #expect(try await edge.get(segment).body == body)
                await origin.kill()
                try await eventually("the edge says that its origin is gone") {
                    try await edge.admin("/readyz").status == 503
                }
                // Fresh: as ever. Stale: served on, with its age. Not here: an honest error.
                #expect(try await edge.get(segment).body == body)
                try await eventually("the playlist is stale and served") {
                    let reply = try await edge.get(playlist)
                    #expect(reply.status == 200 && reply.text == text)
                    return (reply.age ?? 0) >= 1
                }
                #expect(try await edge.get("/videos/film/v1/9.m4s").status == 503)
                let again = try await ScriptedOrigin.start(port: origin.port, script)
                try await eventually("the edge finds it again") {
                    try await edge.admin("/readyz").status == 200
                }
                #expect(try await edge.get("/videos/film/v1/9.m4s").body == body)
                await again.kill()
            }
        }

        @Test func anOriginsDeathUnderLoadBreaksNothingThatIsKept() async throws {
            let body = body
            let script = script(body: body)
            let origin = try await ScriptedOrigin.start(script)
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let paths = (1...20).map { "/videos/film/v1/\($0).m4s" }
                for path in paths { #expect(try await edge.get(path).body == body) }
                let port = edge.port
                let isOver = Mutex(false)
                let load = Crowd(of: 16, on: port, paths: paths) { _ in body }
                async let result = load.run { isOver.withLock { $0 } }
                await origin.kill()
                try await eventually("the origin's end is seen") {
                    try await edge.admin("/readyz").status == 503
                }
                let again = try await ScriptedOrigin.start(port: origin.port, script)
                try await eventually("the origin is back") {
                    try await edge.admin("/readyz").status == 200
                }
                isOver.withLock { $0 = true }
                let seen = try await result
                #expect(seen.faults == [])
                #expect(seen.answers > 200)
                #expect(again.requests.isEmpty, "all of it was kept")
                await again.kill()
            }
        }
    }
}
