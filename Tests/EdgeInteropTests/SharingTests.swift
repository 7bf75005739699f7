import NIOCore
import Synchronization
import TestSupport
import Testing

extension EdgeFaults {
    /// Who shares an answer with whom.
    @Suite(.timeLimit(.minutes(2)))
    struct SharingTests {
        private let segment = "/videos/film/v1/1.m4s"
        private let body = Bytes.of("film", count: 200_000)

        /// Viewers who have all asked before the origin answers.
        private func crowd(
            _ count: Int,
            on edge: EdgeProcess,
            for path: String
        ) async throws -> [Viewer] {
            var viewers: [Viewer] = []
            for _ in 0..<count { viewers.append(try await edge.viewer()) }
            for viewer in viewers { try await viewer.ask(path) }
            return viewers
        }

        /// Until so many viewers wait: the one who asked first is counted when he is answered.
        private func joined(_ count: Int, _ edge: EdgeProcess) async throws {
            try await eventually("\(count) viewers wait") {
                try await edge.metric("millrace_edge_answers_total") >= count - 1
            }
        }

        /// Seen with two event loops: connections closed behind the head, as one loop could not send
        /// from what the other one was just sending from.
        @Test func manyViewersOfLargeBodiesGetAllOfThem() async throws {
            let body = Bytes.of("large", count: 1_000_000)
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer(body) }
            let options = ["connections.event_loops": "2", "foresight.on": "false"]
            try await withEdge([origin.url], options) { edge async throws in
                let left = Mutex(400)
                let load = Crowd(of: 16, on: edge.port, paths: [segment]) { _ in body }
                let seen = try await load.run {
                    left.withLock { left in
                        left -= 1
                        return left < 0
                    }
                }
                #expect(seen.faults == [])
                #expect(seen.answers == 400)
            }
            await origin.kill()
        }

        /// Seen with ffmpeg over HTTPS: it played a video once, and not a second time, as the kernel was
        /// to send from a file what TLS had to encrypt.
        @Test(arguments: ["--http1.1", "--http2"])
        func aLargeKeptBodyGoesOverTLS(_ version: String) async throws {
            let folder = try TemporaryFolder()
            let certificate = try await Certificate("edge", in: folder)
            let body = Bytes.of("large", count: 1_000_000)
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer(body) }
            let options = ["tls.certificate": certificate.path, "tls.key": certificate.key]
            try await withEdge([origin.url], options) { edge async throws in
                let address = "https://127.0.0.1:\(edge.tlsPort)\(segment)"
                for range in ["0-", "0-", "500000-"] {
                    let words = ["-sk", version, "-r", range, address]
                    let got = try await Tool.run("curl", words).standardOutput
                    let from = Int(range.dropLast()) ?? 0
                    #expect(got == Array(body[from...]), "\(got.count) bytes from \(from) on")
                }
            }
            #expect(origin.count(segment) == 1)
            await origin.kill()
        }

        /// How an origin sends one body.
        enum Framing: CaseIterable, Sendable {
            case sized, chunked

            func steps(_ body: [UInt8], _ latch: Latch) -> [ScriptedOrigin.Step] {
                let (first, rest) = (Array(body[..<1000]), Array(body[1000...]))
                let head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                switch self {
                case .sized:
                    return [.hold(latch), .send(head + "Content-Length: \(body.count)\r\n\r\n")]
                        + [.bytes(first), .pause(.milliseconds(50)), .bytes(rest)]
                case .chunked:
                    let sizes = [first, rest].map { String($0.count, radix: 16) + "\r\n" }
                    return [.hold(latch), .send(head + "Transfer-Encoding: chunked\r\n\r\n")]
                        + [.send(sizes[0]), .bytes(first), .pause(.milliseconds(50))]
                        + [.send("\r\n" + sizes[1]), .bytes(rest), .send("\r\n0\r\n\r\n")]
                }
            }
        }

        @Test(arguments: Framing.allCases)
        func manyViewersAreOneRequest(_ framing: Framing) async throws {
            let (body, latch) = (body, Latch())
            let origin = try await ScriptedOrigin.start { _ in framing.steps(body, latch) }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let viewers = try await crowd(50, on: edge, for: segment)
                try await joined(50, edge)
                latch.open()
                for viewer in viewers {
                    let reply = try await viewer.reply()
                    #expect(reply.status == 200 && reply.isWhole && reply.body == body)
                    await viewer.close()
                }
                #expect(origin.requests.count == 1)
            }
            await origin.kill()
        }

        @Test(arguments: Framing.allCases)
        func theFirstToAskMayGoAway(_ framing: Framing) async throws {
            let (body, latch) = (body, Latch())
            let origin = try await ScriptedOrigin.start { _ in framing.steps(body, latch) }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let viewers = try await crowd(10, on: edge, for: segment)
                try await joined(10, edge)
                await viewers[0].close()
                latch.open()
                for viewer in viewers.dropFirst() {
                    #expect(try await viewer.reply().body == body)
                    await viewer.close()
                }
                #expect(try await edge.get(segment).body == body)
                #expect(origin.requests.count == 1)
            }
            await origin.kill()
        }

        @Test func aFillThatAllHaveLeftGoesOn() async throws {
            let (body, latch) = (body, Latch())
            let origin = try await ScriptedOrigin.start { _ in Framing.sized.steps(body, latch) }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let viewers = try await crowd(3, on: edge, for: segment)
                try await joined(3, edge)
                for viewer in viewers { await viewer.close() }
                latch.open()
                try await eventually("it is kept") {
                    try await edge.metric("millrace_edge_memory_objects") == 1
                }
                #expect(try await edge.get(segment).body == body)
                #expect(origin.requests.count == 1)
            }
            await origin.kill()
        }

        @Test func viewersAreAnsweredWhileTheBodyArrives() async throws {
            let (body, rest) = (body, Latch())
            let origin = try await ScriptedOrigin.start { _ in
                [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")]
                    + [.bytes(Array("early".utf8)), .hold(rest), .bytes(Array(body[5...]))]
            }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let first = try await edge.viewer()
                try await first.ask(segment)
                _ = try await first.text(until: "early")
                let second = try await edge.viewer()
                try await second.ask(segment)
                _ = try await second.text(until: "early")
                rest.open()
                await first.close()
                await second.close()
            }
            #expect(origin.requests.count == 1)
            await origin.kill()
        }

        @Test(arguments: [
            "Cache-Control: private, max-age=60", "Set-Cookie: viewer=1", "Vary: Cookie",
            "Vary: *", "Cache-Control: no-store, private",
        ])
        func whatIsForOneViewerGoesToOneViewer(_ field: String) async throws {
            let origin = try await ScriptedOrigin.start { request in
                ScriptedOrigin.Step.answer("for \(request.number)", fields: [field])
            }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                let viewers = try await crowd(8, on: edge, for: segment)
                var texts: Set<String> = []
                for viewer in viewers {
                    texts.insert(try await viewer.reply().text)
                    await viewer.close()
                }
                #expect(texts.count == 8, "each has another's: \(texts)")
                #expect(try await edge.get(segment).text == "for 9")
            }
            await origin.kill()
        }

        @Test func whatIsNotToBeStoredIsAskedForAgain() async throws {
            let origin = try await ScriptedOrigin.start { request in
                let fields = ["Cache-Control: no-store"]
                return ScriptedOrigin.Step.answer("number \(request.number)", fields: fields)
            }
            try await withEdge([origin.url], ["foresight.on": "false"]) { edge async throws in
                for number in 1...3 {
                    #expect(try await edge.get(segment).text == "number \(number)")
                }
                #expect(try await edge.metric("millrace_edge_memory_objects") == 0)
            }
            await origin.kill()
        }

        @Test func whatADepartedViewerAloneWantedIsGivenUp() async throws {
            let body = Bytes.of("large", count: 8 << 20)
            let origin = try await ScriptedOrigin.start { _ in
                ScriptedOrigin.Step.answer(body, fields: ["Cache-Control: private"])
            }
            let options = ["foresight.on": "false", "origin.stall_timeout": "60s"]
            try await withEdge([origin.url], options) { edge async throws in
                for number in 1...4 {
                    let viewer = try await edge.viewer()
                    try await viewer.ask("/videos/film/v1/\(number).m4s")
                    _ = try await viewer.text(until: "\r\n\r\n")
                    await viewer.close()
                }
                try await eventually("no connection is held for nobody") {
                    try await edge.metric(
                        "millrace_edge_origin_connections",
                        "group=\"media\""
                    ) <= 1
                }
            }
            await origin.kill()
        }
    }
}
