import EdgeServer
import NIOCore
import TestSupport
import Testing

/// What a call makes of what an origin sends.
struct UpstreamAnswerTests {
    private func outcome(
        _ steps: [ScriptedServer.Step],
        method: String = "GET",
        limits: (inout UpstreamTimeLimits) -> Void = { _ in }
    ) async throws -> (outcome: RecordedCall.Outcome, seen: ScriptedServer.Seen) {
        let server = try await ScriptedServer.start { _ in steps }
        var outcome: RecordedCall.Outcome?
        try await UpstreamFixture.with([server.url]) { fixture in
            outcome = try await fixture.get("/a?b=c", method: method, limits: limits)
        }
        await server.stop()
        return (try #require(outcome), server.current)
    }

    @Test func aRequestSaysWhatItMust() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with(
            [server.url],
            change: { $0.sharedSecret = SharedSecret(fieldName: "X-Edge-Key", value: "s3cret") }
        ) { fixture in
            let outcome = try await fixture.get(
                "/a?b=c",
                fields: [
                    ("Accept", "x"), ("via", "1.1 outer"), ("x-edge-key", "forged"),
                    ("Host", "forged"), ("Transfer-Encoding", "chunked"),
                ]
            )
            #expect(outcome.text == "hello" && outcome.error == nil)
            #expect(outcome.head?.origin == OriginID(index: 0))
            #expect(outcome.head?.contentLengthBytes == 5)
        }
        await server.stop()
        let port = server.port
        #expect(
            server.current.received == [
                "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: x\r\n"
                    + "Via: 1.1 outer, 1.1 edge-1\r\nX-Edge-Key: s3cret\r\n\r\n"
            ]
        )
    }

    @Test func aRequestThatCouldBeReadInTwoWaysIsNotSent() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let bad = [
                UpstreamRequest(target: "/a b"), UpstreamRequest(target: "/a\r\nX: y"),
                UpstreamRequest(method: "G ET", target: "/"), UpstreamRequest(target: ""),
                UpstreamRequest(target: "/", fields: [("A", "b\r\nC: d")]),
                UpstreamRequest(target: "/", fields: [("A b", "c")]),
            ]
            for request in bad {
                let outcome = try await fixture.start(request).outcome.get()
                #expect(outcome.error == .malformed)
            }
            // That was no fault of the origin's.
            #expect(fixture.group.snapshot.origins[0].isUp)
            try await fixture.expectHello()
        }
        await server.stop()
        #expect(server.current.received.joined().hasPrefix("GET / HTTP/1.1\r\n"))
    }

    @Test func earlyCloseIsClosed() async throws {
        let (outcome, _) = try await outcome([.request, .close])
        #expect(outcome.error == .closed && outcome.head == nil)
    }

    @Test func halfCloseBeforeTheAnswerIsClosed() async throws {
        let (outcome, _) = try await outcome([.request, .halfClose])
        #expect(outcome.error == .closed && outcome.head == nil)
    }

    @Test func halfCloseAfterTheAnswerIsAWholeAnswer() async throws {
        let (outcome, _) = try await outcome([.request, .send(Canned.hello), .halfClose])
        #expect(outcome.error == nil && outcome.text == "hello")
    }

    @Test func aBodyCutShortIsClosed() async throws {
        let (outcome, _) = try await outcome([
            .request, .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), .close,
        ])
        #expect(outcome.error == .closed && outcome.text == "hello")
    }

    @Test func aChunkedBodyCutShortIsClosed() async throws {
        let (outcome, _) = try await outcome([
            .request,
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), .close,
        ])
        #expect(outcome.error == .closed && outcome.text == "hello")
    }

    @Test func aResetInABodyIsClosed() async throws {
        let (outcome, _) = try await outcome([
            .request, .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
            .pause(.milliseconds(50)), .reset,
        ])
        #expect(outcome.error == .closed && outcome.text == "hello")
    }

    @Test func aResetIsNotTheEndOfABodyWithoutLength() async throws {
        let (outcome, _) = try await outcome([
            .request, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"),
            .pause(.milliseconds(50)), .reset,
        ])
        #expect(outcome.error == .closed && outcome.text == "hello")
    }

    @Test func aBodyMayEndWithItsConnection() async throws {
        let (outcome, _) = try await outcome([
            .request, .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhel"),
            .pause(.milliseconds(20)), .send("lo"), .close,
        ])
        #expect(outcome.error == nil && outcome.text == "hello")
    }

    @Test func aChunkedBodyArrivesInPieces() async throws {
        let (outcome, _) = try await outcome([
            .request, .send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-"),
            .pause(.milliseconds(5)), .send("Encoding: chunked\r\n\r\n5\r"),
            .pause(.milliseconds(5)), .send("\nhel"), .pause(.milliseconds(5)),
            .send("lo\r\n0\r\n\r\n"),
        ])
        #expect(outcome.error == nil && outcome.text == "hello" && outcome.interim == [100])
    }

    @Test func garbageIsMalformed() async throws {
        let (outcome, seen) = try await outcome([
            .request, .send("SSH-2.0-OpenSSH\r\n\r\n"),
        ])
        #expect(outcome.error == .malformed && outcome.head == nil)
        #expect(seen.connectionCount == 1)
    }

    @Test func aSlowHeadTimesOut() async throws {
        let (outcome, _) = try await outcome(
            [.request, .pause(.seconds(30)), .send(Canned.hello)],
            limits: { $0.head = .milliseconds(50) }
        )
        #expect(outcome.error == .timedOut)
    }

    @Test func aBodyThatStallsTimesOut() async throws {
        let (outcome, _) = try await outcome(
            [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")],
            limits: { $0.stall = .milliseconds(50) }
        )
        #expect(outcome.error == .timedOut && outcome.text == "hello")
    }

    @Test func anAnswerToHeadHasNoBody() async throws {
        let (outcome, _) = try await outcome(
            [.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")],
            method: "HEAD"
        )
        #expect(outcome.error == nil && outcome.head?.contentLengthBytes == 5)
    }
}
