import EdgeServer
import NIOCore
import TestSupport
import Testing

/// Bodies on their way, in both directions.
struct UpstreamStreamingTests {
    private func upload(
        _ size: UpstreamRequest.BodySize,
        _ pieces: [String],
        _ steps: [ScriptedServer.Step]
    ) async throws -> (outcome: RecordedCall.Outcome, received: String) {
        let server = try await ScriptedServer.start { _ in steps }
        var outcome: RecordedCall.Outcome?
        try await UpstreamFixture.with([server.url]) { fixture in
            let call = try await fixture.start(
                UpstreamRequest(method: "POST", target: "/", bodySize: size)
            )
            for piece in pieces {
                _ = try await call.with { $0.send(ByteBuffer(string: piece)) }
            }
            _ = try await call.with { $0.sendEnd() }
            outcome = try await call.outcome.get()
            try await fixture.eventually("the connection is idle or gone") {
                let origin = fixture.group.snapshot.origins[0]
                return origin.openConnections == origin.idleConnections
            }
        }
        await server.stop()
        return (try #require(outcome), server.current.received.joined())
    }

    @Test func aSizedBodyIsSentAsItIs() async throws {
        let (outcome, received) = try await upload(
            .sized(6),
            ["abc", "", "def"],
            [.until("abcdef"), .send(Canned.hello)]
        )
        #expect(outcome.text == "hello" && outcome.error == nil)
        #expect(received.contains("\r\nContent-Length: 6\r\n"))
        #expect(received.hasSuffix("\r\n\r\nabcdef"))
    }

    @Test func aBodyWithoutSizeIsSentInChunks() async throws {
        let (outcome, received) = try await upload(
            .unknown,
            ["abc", "", "0123456789abcdef"],
            [.until("\r\n0\r\n\r\n"), .send(Canned.hello)]
        )
        #expect(outcome.text == "hello" && outcome.error == nil)
        #expect(received.contains("\r\nTransfer-Encoding: chunked\r\n"))
        #expect(received.hasSuffix("\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"))
    }

    @Test(arguments: [["abcd"], ["ab", "cd"], ["ab"], []])
    func aBodyOfAnotherSizeThanAnnouncedIsNotSentOn(pieces: [String]) async throws {
        let (outcome, received) = try await upload(.sized(3), pieces, [.until("never")])
        #expect(outcome.error == .malformed)
        #expect(!received.contains("abcd"))
    }

    @Test func anAnswerMayComeBeforeTheBodyWasSent() async throws {
        let refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
        let server = try await ScriptedServer.start { _ in [.request, .send(refusal)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let call = try await fixture.start(
                UpstreamRequest(method: "PUT", target: "/", bodySize: .sized(1 << 20))
            )
            let outcome = try await call.outcome.get()
            #expect(outcome.head?.status == 413 && outcome.error == nil)
            // Half a request was sent: nothing may follow it.
            try await fixture.eventually("it is closed") { server.current.openCount == 0 }
            #expect(fixture.group.snapshot.origins[0].idleConnections == 0)
        }
        await server.stop()
    }

    @Test func anOriginThatDoesNotReadHoldsTheBodyBack() async throws {
        let server = try await ScriptedServer.start { _ in [.stopReading] }
        try await UpstreamFixture.with([server.url]) { fixture in
            var request = UpstreamRequest(method: "PUT", target: "/", bodySize: .unknown)
            request.timeLimits.stall = .milliseconds(100)
            let call = try await fixture.start(request)
            let piece = ByteBuffer(repeating: 7, count: 1 << 20)
            try await fixture.eventually("it is connected") {
                try await call.with { $0.canSendMore } ?? true
            }
            var sent = 0
            while try await call.with({ $0.canSendMore }) ?? false, sent < 256 {
                _ = try await call.with { $0.send(piece) }
                sent += 1
            }
            #expect(sent < 64)
            #expect(try await call.outcome.get().error == .timedOut)
        }
        await server.stop()
    }

    @Test func aReceiverThatStopsReadingIsNotFlooded() async throws {
        let size = 64 << 20
        var answer = ByteBuffer(
            string: "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
        )
        answer.writeRepeatingByte(7, count: size)
        let bytes = answer
        let server = try await ScriptedServer.start { _ in [.answerAllBytes(bytes)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            var request = UpstreamRequest(target: "/")
            request.timeLimits.stall = .milliseconds(100)
            let call = try await fixture.start(
                request,
                keepsBody: false,
                stopsReadingAtHead: true
            )
            try await call.head.get()
            // Longer than a stall: not reading is no fault of the origin's.
            try await fixture.eventLoop.scheduleTask(in: .milliseconds(250)) {}.futureResult.get()
            let soFar = try await call.soFar()
            #expect(soFar.bodySizeBytes <= UpstreamLimits().largeReadSizeBytes)
            #expect(soFar.error == nil)
            _ = try await call.with { $0.isReading = true }
            let outcome = try await call.outcome.get()
            #expect(outcome.bodySizeBytes == size && outcome.error == nil)
            #expect(fixture.group.snapshot.origins[0].idleConnections == 1)
        }
        await server.stop()
    }

    @Test func aSwitchedConnectionGoesBothWays() async throws {
        let answer =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\n\r\nfirst"
        let server = try await ScriptedServer.start { _ in [.request, .send(answer), .echo] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let call = try await fixture.start(
                UpstreamRequest(target: "/", fields: [("Upgrade", "websocket")])
            )
            try await call.head.get()
            _ = try await call.with { $0.send(ByteBuffer(string: "\r\nping")) }
            try await fixture.eventually("it comes back") {
                try await call.soFar().body == Array("first\r\nping".utf8)
            }
            _ = try await call.with { $0.sendEnd() }
            let outcome = try await call.outcome.get()
            #expect(outcome.error == nil && outcome.head?.status == 101)
            #expect(outcome.head?.value("upgrade") == "websocket")
            #expect(fixture.group.snapshot.origins[0].idleConnections == 0)
        }
        #expect(server.current.received[0].contains("\r\nConnection: Upgrade\r\n"))
        await server.stop()
    }

    @Test func aRefusedSwitchIsAnAnswerLikeOthers() async throws {
        let server = try await ScriptedServer.start { _ in [.answerAll(Canned.hello)] }
        try await UpstreamFixture.with([server.url]) { fixture in
            let outcome = try await fixture.get(fields: [("Upgrade", "websocket")])
            #expect(outcome.text == "hello")
            try await fixture.expectHello()
        }
        #expect(server.current.connectionCount == 1)
        await server.stop()
    }
}
