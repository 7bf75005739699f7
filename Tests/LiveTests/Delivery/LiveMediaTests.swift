import Live
import NIOCore
import Segmenting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LiveMediaTests {
    /// Where a publish's media is; its token cannot be known but from inside.
    private func base(_ live: LiveServer) throws -> String {
        let edition = try #require(live.hub.stream("s")?.edition)
        let segment = try #require(edition.presentation.renditions.first?.segments.last)
        #expect(segment.token.utf8.count == 22)
        return "/live/s/\(segment.token)/v0/"
    }

    @Test func aPartIsServedAsItIs() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(3)
            let base = try base(live)
            let part = try await live.get(base + "0.1.m4s")
            #expect(part.body == ActionMaker.bytes(0, 1))
            #expect(part.cacheControl == "public, max-age=12")
            #expect(part["content-type"] == "video/mp4")
            let header = try await live.get(base + "init-1.mp4")
            #expect(header.body == [1, 2, 3])
            #expect(header.cacheControl == "public, max-age=3600, immutable")
            let range = try await live.get(base + "0.1.m4s", "Range: bytes=0-1\r\n")
            #expect(range.status == 206)
            #expect(range.body == [0, 1])
        }
    }

    @Test func aHintedPartIsHeldThenSentWhole() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let base = try base(live)
            let client = try await live.connect()
            try await client.send(base + "0.2.m4s")
            let next = try await live.connect()
            try await next.send(base + "1.0.m4s")
            try await live.untilWaiting(2)
            try publisher.send()
            let part = try await client.answer()
            #expect(part.body == ActionMaker.bytes(0, 2))
            #expect(part["content-length"] == "100")
            try publisher.send(isKey: true)
            #expect(try await next.answer().body == ActionMaker.bytes(1, 0))
        }
    }

    @Test func aHintThatIsDroppedIsNotFound() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let client = try await live.connect()
            try await client.send(try base(live) + "0.2.m4s")
            try await live.untilWaiting(1)
            try publisher.send(isKey: true)
            let answer = try await client.answer()
            #expect(answer.status == 404)
        }
    }

    @Test func whatIsNotThereYetIsNotFoundAndNobodyKeepsThat() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let base = try base(live)
            for name in ["0.3.m4s", "1.1.m4s", "2.0.m4s", "2.m4s", "init-2.mp4"] {
                let answer = try await live.get(base + name)
                #expect(answer.status == 404, "\(name)")
                #expect(answer.cacheControl == "no-store", "\(name)")
            }
            let guessed = try await live.get("/live/s/AAAAAAAAAAAAAAAAAAAAAA/v0/0.0.m4s")
            #expect(guessed.status == 404)
            #expect(guessed.cacheControl == "no-store")
        }
    }

    @Test func whatIsGoneIsNotFoundForAWhile() async throws {
        var configuration = LiveHubConfiguration.forTests
        configuration.limits.windowMicroseconds = 10_000_000
        try await LiveServer.with(configuration: configuration) { live in
            let publisher = try live.publish()
            for _ in 0..<30 { try publisher.sendSegment() }
            let answer = try await live.get(try base(live) + "3.m4s")
            #expect(answer.status == 404)
            #expect(answer.cacheControl == "public, max-age=2")
        }
    }

    @Test func aSegmentIsFollowedWhileItGrows() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(1)
            let client = try await live.connect()
            try await client.send(try base(live) + "0.m4s")
            let head = try await client.head()
            #expect(head.status == 200)
            #expect(head["transfer-encoding"] == "chunked")
            #expect(try await client.chunk() == ActionMaker.bytes(0, 0))
            for index in 1..<6 {
                try publisher.send()
                #expect(try await client.chunk() == ActionMaker.bytes(0, index))
            }
            try publisher.send(isKey: true)
            #expect(try await client.chunk() == nil)
            let whole = try await client.get(try base(live) + "0.m4s")
            #expect(whole["content-length"] == "600")
            #expect(whole.body == (0..<6).flatMap { ActionMaker.bytes(0, $0) })
        }
    }

    @Test func aSegmentAboutToBeginIsWaitedFor() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let client = try await live.connect()
            try await client.send(try base(live) + "1.m4s")
            try await live.untilWaiting(1)
            try publisher.send(isKey: true)
            #expect(try await client.head().status == 200)
            #expect(try await client.chunk() == ActionMaker.bytes(1, 0))
        }
    }

    @Test func aSlowReaderHoldsNobodyBackAndGetsEveryByte() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            let size = 1 << 20
            try publisher.send(isKey: true, sizeBytes: size)
            let slow = try await live.connect(reads: false)
            try await slow.send(try base(live) + "0.m4s")
            // More than socket buffers take.
            for _ in 1..<24 { try publisher.send(sizeBytes: size) }
            let fast = try await live.connect()
            try await fast.send(try base(live) + "0.m4s")
            try publisher.send(isKey: true)
            #expect(try await fast.answer().body.count == 24 * size)
            try await slow.channel.setOption(.autoRead, value: true).get()
            #expect(try await slow.answer().body.count == 24 * size)
        }
    }

    @Test func aHintIsHeldThreeTargetDurationsAtMost() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let client = try await live.connect()
            try await client.send(try base(live) + "0.2.m4s")
            try await live.untilWaiting(1)
            live.clock.advance(by: .seconds(6))
            let answer = try await client.answer()
            #expect(answer.status == 503)
            #expect(answer.cacheControl == "no-store")
        }
    }
}
