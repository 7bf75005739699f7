import Live
import Logging
import NIOCore
import NIOPosix
import Platform
import Segmenting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LiveHubTests {
    private func lines(_ live: LiveServer) -> [String] { live.hub.stream("s")?.lines() ?? [] }

    @Test func aLostSourceLetsWaitersGoAndTheStreamWaits() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let playlist = try await live.connect()
            try await playlist.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            let token = live.hub.stream("s")?.edition?.presentation.renditions[0].segments[0].token
            let hint = try await live.connect()
            try await hint.send("/live/s/\(token ?? "")/v0/0.2.m4s")
            try await live.untilWaiting(2)
            publisher.end()
            let answer = try await playlist.answer()
            #expect(answer.lines == ["0 2 whole"])
            // Not what its address asks for: nobody may keep it.
            #expect(answer.cacheControl == "no-store")
            #expect(try await hint.answer().status == 404)
            #expect(live.hub.stream("s")?.snapshot.phase == .waiting)
            #expect(try await live.get("/live/s/v0.m3u8").lines == ["0 2 whole"])
        }
    }

    @Test func aPublisherThatComesBackGoesOnBehindADiscontinuity() async throws {
        try await LiveServer.with { live in
            let first = try live.publish()
            try first.sendSegment()
            first.end()
            live.clock.advance(by: .seconds(29))
            let second = try live.publish()
            try second.sendSegment(2)
            live.clock.advance(by: .seconds(29))
            #expect(lines(live) == ["0 6 whole", "1 2 open discontinuity"])
            let segments = live.hub.stream("s")?.edition?.presentation.renditions[0].segments
            #expect(segments?.last?.start.discontinuitySequence == 1)
            #expect(segments?.first?.token != segments?.last?.token)
        }
    }

    @Test func aStreamEndsAfterItsGraceAndIsForgottenLater() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            publisher.end(.unpublished)
            live.clock.advance(by: .seconds(30))
            #expect(lines(live) == ["0 6 whole", "end"])
            // Blocking reloads are over. RFC 8216bis §6.2.5.2
            let blocking = try await live.get("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            #expect(blocking.lines.last == "end")
            live.clock.advance(by: .seconds(300))
            #expect(live.hub.stream("s") == nil)
            let gone = try await live.get("/live/s/v0.m3u8")
            #expect(gone.status == 404)
            #expect(gone.cacheControl == "public, max-age=1")
            let kinds = live.events.all.map { "\($0)".prefix { $0 != "(" } }
            #expect(kinds == ["began", "lost", "ended", "gone"])
        }
    }

    @Test func aStreamThatEndedIsPublishedAgain() async throws {
        try await LiveServer.with { live in
            let first = try live.publish()
            try first.sendSegment()
            first.end()
            live.clock.advance(by: .seconds(31))
            let second = try live.publish()
            try second.sendSegment(1)
            #expect(lines(live) == ["1 1 open discontinuity"])
            live.clock.advance(by: .seconds(1000))
            #expect(live.hub.stream("s")?.snapshot.phase == .live)
        }
    }

    @Test func aSecondPublisherTakesOverFromAKeyFrameOn() async throws {
        try await LiveServer.with { live in
            let first = try live.publish()
            try first.sendSegment(3)
            let second = try live.publish()
            #expect(first.connection.closeReasons == ["another publisher took over"])
            try second.send()
            #expect(lines(live) == ["0 3 open"])
            try second.send(isKey: true)
            #expect(lines(live) == ["0 3 whole", "1 1 open discontinuity"])
            // What the first one still sends goes nowhere, and its end ends nothing.
            try first.send()
            try first.send(isKey: true)
            first.end(.closed("another publisher took over"))
            try second.send()
            #expect(lines(live) == ["0 3 whole", "1 2 open discontinuity"])
            #expect(live.hub.stream("s")?.snapshot.phase == .live)
        }
    }

    @Test func theFirstPublisherIsKeptWhereThePolicySaysSo() async throws {
        var configuration = LiveHubConfiguration.forTests
        configuration.takeover = .reject
        try await LiveServer.with(configuration: configuration) { live in
            let first = try live.publish()
            try first.sendSegment(3)
            #expect(throws: PublishRefusal.alreadyPublished) { try live.publish() }
            // A frozen one gives way at once.
            live.clock.advance(by: .seconds(3))
            let second = try live.publish()
            #expect(first.connection.closeReasons.count == 1)
            try second.send(isKey: true)
            #expect(lines(live) == ["0 3 whole", "1 1 open discontinuity"])
        }
    }

    @Test func theBackupGoesOnForThePrimaryAndGivesWayToIt() async throws {
        try await LiveServer.with { live in
            let primary = try live.publish()
            let backup = try live.publish(.backup)
            try primary.sendSegment(2)
            try backup.sendSegment(2)
            #expect(lines(live) == ["0 2 open"])
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(1)
            primary.end()
            // Somebody is there to go on: the request stays held.
            #expect(live.hub.stream("s")?.snapshot.waiting == 1)
            try backup.send()
            try backup.send(isKey: true)
            #expect(try await client.answer().lines == ["0 2 whole", "1 1 open discontinuity"])
            #expect(live.hub.stream("s")?.snapshot.statistics.publisher?.role == .backup)
            let returned = try live.publish()
            try backup.send()
            try returned.send(isKey: true)
            try backup.send(isKey: true)
            #expect(
                lines(live) == [
                    "0 2 whole", "1 2 whole discontinuity", "2 1 open discontinuity",
                ]
            )
            #expect(live.hub.stream("s")?.snapshot.statistics.publisher?.role == .primary)
            backup.end()
            #expect(live.hub.stream("s")?.snapshot.phase == .live)
        }
    }

    @Test func theBackupGoesOnForAFrozenPrimary() async throws {
        try await LiveServer.with { live in
            let primary = try live.publish()
            let backup = try live.publish(.backup)
            try primary.sendSegment(2)
            live.clock.advance(by: .seconds(3))
            try backup.send(isKey: true)
            #expect(lines(live) == ["0 2 whole", "1 1 open discontinuity"])
            try primary.send()
            try primary.send(isKey: true)
            #expect(lines(live).last == "2 1 open discontinuity")
        }
    }

    @Test func waitersAreLetGoWhereTheBackupGoesBeforeItsFirstKeyFrame() async throws {
        try await LiveServer.with { live in
            let primary = try live.publish()
            let backup = try live.publish(.backup)
            try primary.sendSegment(2)
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(1)
            primary.end()
            backup.end()
            #expect(try await client.answer().lines == ["0 2 whole"])
        }
    }

    @Test func whatCannotBeUsedClosesTheConnection() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            #expect(throws: SyntheticError.self) { try publisher.sendRubbish() }
            publisher.end(.invalid("rubbish"))
            #expect(lines(live) == ["0 2 whole"])
        }
    }

    @Test func tooManyStreamsAreRefused() async throws {
        var configuration = LiveHubConfiguration.forTests
        configuration.streamCount = 0
        try await LiveServer.with(configuration: configuration) { live in
            #expect(throws: PublishRefusal.unavailable("too many streams")) { try live.publish() }
        }
    }

    @Test func aPublisherWithoutMediaLeavesNothingBehind() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            #expect(try await live.get("/live/s/master.m3u8").status == 404)
            publisher.end()
            live.clock.advance(by: .seconds(400))
            #expect(live.hub.stream("s") == nil)
        }
    }

    @Test func numbersGoOnOverARestart() async throws {
        let folder = try TemporaryFolder()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        func store() -> ContinuationStore {
            ContinuationStore(
                folder: folder.path("live"),
                threads: threads,
                logger: Logger(label: "test"),
                unixSeconds: { 1_795_000_000 }
            )
        }
        // Killed: nothing ends in order.
        try await LiveServer.with(continuations: store()) { live in
            let publisher = try live.publish()
            for _ in 0..<5 { try publisher.sendSegment() }
            try await threads.runIfActive {}
        }
        try await LiveServer.with(continuations: store()) { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            #expect(lines(live) == ["7 6 open discontinuity"])
            publisher.end()
            try await threads.runIfActive {}
        }
        // In order: nothing is left out.
        try await LiveServer.with(continuations: store()) { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            #expect(lines(live) == ["8 6 open discontinuity"])
            let segment = live.hub.stream("s")?.edition?.presentation.renditions[0].segments[0]
            #expect(segment?.start.discontinuitySequence == 3)
            publisher.end()
        }
        try await threads.shutdownGracefully()
    }

    @Test func statusTellsWhatIsGoingOn() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            for index in 0..<12 {
                live.clock.advance(by: .milliseconds(333))
                try publisher.send(isKey: index % 6 == 0, sizeBytes: 1002)
            }
            _ = try await live.get("/live/s/v0.m3u8")
            let status = try await live.get("/live/s/status")
            #expect(status["content-type"] == "application/json")
            #expect(status.text.contains(#""phase":"live""#))
            #expect(status.text.contains(#""part_target_ms":333"#))
            #expect(status.text.contains(#""encoder":"synthetic""#))
            #expect(status.text.contains(#""viewers":1"#))
            #expect(status.text.contains(#""width":640"#))
            #expect(!status.text.contains("192.0.2.1"))
            let snapshot = try #require(live.hub.snapshots.first)
            #expect((23_000...25_000).contains(snapshot.statistics.bitrate))
            #expect((2.9...3.1).contains(snapshot.statistics.framesPerSecond))
            #expect(snapshot.statistics.partLatency.cumulative.total == 12)
            #expect(snapshot.statistics.partLateness.cumulative.total == 11)
        }
    }

    @Test func timeAndThumbnailsAndFaultsAreAnswered() async throws {
        try await LiveServer.with { live in
            let time = try await live.get("/live/s/time")
            #expect(time.text == "2026-11-18T11:06:41.000Z")
            #expect(time.cacheControl == "no-store")
            let publisher = try live.publish()
            try publisher.sendSegment()
            #expect(try await live.get("/live/s/thumbnail.jpg").status == 404)
            live.hub.stream("s")?.setThumbnail(ByteBuffer(string: "jpeg"))
            let picture = try await live.get("/live/s/thumbnail.jpg")
            #expect(picture.text == "jpeg")
            #expect(picture["content-type"] == "image/jpeg")
            #expect(try await live.get("/live/s/what").status == 400)
            #expect(try await live.get("/elsewhere").status == 404)
            #expect(try await live.get("/live/unknown/master.m3u8").status == 404)
        }
    }
}
