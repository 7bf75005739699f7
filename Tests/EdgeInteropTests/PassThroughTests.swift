import NIOCore
import Testing

extension EdgeFaults {
    /// What is not media goes to the origin's API, as it comes.
    @Suite(.timeLimit(.minutes(2)))
    struct PassThroughTests {
        @Test func aBodyGoesThereAndAnAnswerComesBack() async throws {
            let origin = try await ScriptedOrigin.start { request in
                ScriptedOrigin.Step.answer(request.body, status: "201 Made", fields: ["X-A: b"])
            }
            try await withEdge([origin.url]) { edge async throws in
                let body = String(repeating: "upload ", count: 200_000)
                let viewer = try await edge.viewer()
                try await viewer.ask("/api/v1/things?a=1", method: "POST", body: body)
                let reply = try await viewer.reply()
                #expect(reply.status == 201 && reply.text == body)
                #expect(reply.value("x-a") == "b")
                let seen = try #require(origin.requests.first)
                #expect(seen.method == "POST" && seen.target == "/api/v1/things?a=1")
                #expect(seen.fields["x-forwarded-for"] == "127.0.0.1")
                #expect(seen.fields["via"]?.contains("1.1 edge-") == true)
                // Not kept, and the connection goes on.
                for number in 2...3 {
                    try await viewer.ask("/api/v1/things?a=1", method: "POST", body: "x")
                    #expect(try await viewer.reply().text == "x")
                    #expect(origin.requests.count == number)
                }
                await viewer.close()
            }
            await origin.kill()
        }

        @Test func aPostThatBreaksOffIsNotSentTwice() async throws {
            let one = try await ScriptedOrigin.start { _ in [.close] }
            let two = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("twice") }
            let api = ["origin.api": "[\(one.url), \"\(two.url) backup\"]"]
            try await withEdge([one.url], api) { edge async throws in
                let viewer = try await edge.viewer()
                try await viewer.ask("/api/v1/pay", method: "POST", body: "once")
                #expect(try await viewer.reply().status == 502)
                await viewer.close()
            }
            #expect(one.requests.count == 1 && two.requests.isEmpty)
            await one.kill()
            await two.kill()
        }

        @Test func eventsComeOneByOne() async throws {
            let next = Latch()
            let origin = try await ScriptedOrigin.start { _ in
                [.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")]
                    + [.send("Transfer-Encoding: chunked\r\n\r\nd\r\ndata: first\n\n\r\n")]
                    + [.hold(next), .send("e\r\ndata: second\n\n\r\n0\r\n\r\n")]
            }
            try await withEdge([origin.url]) { edge async throws in
                let viewer = try await edge.viewer()
                try await viewer.ask("/api/v1/events", fields: ["Accept": "text/event-stream"])
                let first = try await viewer.text(until: "data: first\n\n")
                #expect(first.contains("text/event-stream"))
                next.open()
                _ = try await viewer.text(until: "data: second\n\n")
                await viewer.close()
            }
            await origin.kill()
        }

        @Test func aWebsocketGoesBothWays() async throws {
            let origin = try await ScriptedOrigin.start { _ in
                [.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")]
                    + [.send("Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"), .echo]
            }
            try await withEdge([origin.url]) { edge async throws in
                let viewer = try await edge.viewer()
                let fields = [
                    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "abc",
                    "Sec-WebSocket-Version": "13",
                ]
                try await viewer.ask("/api/v1/chat", fields: fields)
                let head = try await viewer.text(until: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 101 "))
                #expect(head.lowercased().contains("sec-websocket-accept: x"))
                for word in ["one", "two", "three"] {
                    try await viewer.send("<\(word)>")
                    #expect(try await viewer.text(until: ">") == "<\(word)>")
                }
                #expect(origin.requests.first?.fields["sec-websocket-key"] == "abc")
                await viewer.close()
            }
            await origin.kill()
        }

        @Test func aSecondEdgeOfTheSameNameIsALoop() async throws {
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer("ok") }
            try await withEdge([origin.url]) { edge async throws in
                let own = "http://127.0.0.1:\(edge.port)"
                let read = "the configuration was read again"
                try edge.reload(["origin.api": "[\(own)]", "origin.media": "[\(own)]"])
                try await eventually("it asks itself now") { edge.logged(read) == 1 }
                #expect(try await edge.get("/api/v1/videos").status == 508)
                #expect(try await edge.get("/videos/film/v1/1.m4s").status >= 500)
            }
            #expect(origin.requests.isEmpty)
            await origin.kill()
        }
    }
}
