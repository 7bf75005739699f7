import Live
import MediaHTTP
import NIOCore
import Segmenting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LivePlaylistTests {
    @Test func aPlaylistTellsWhatThereIs() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let master = try await live.get("/live/s/master.m3u8")
            #expect(master.status == 200)
            #expect(master.text == "v0.m3u8")
            let playlist = try await live.get("/live/s/v0.m3u8")
            #expect(playlist.lines == ["0 6 open"])
            #expect(playlist["content-type"] == "application/vnd.apple.mpegurl")
            #expect(playlist.cacheControl == "public, max-age=1")
            #expect(playlist["cache-tag"] == "live-s")
            #expect(playlist["access-control-allow-origin"] == "*")
            let manifest = try await live.get("/live/s/manifest.mpd")
            #expect(manifest.text == "<MPD/>")
            #expect(manifest["content-type"] == "application/dash+xml")
        }
    }

    @Test func aBlockingRequestIsHeldUntilThePartIsThere() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment(2)
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=0&_HLS_part=2")
            try await live.untilWaiting(1)
            try publisher.send()
            let answer = try await client.answer()
            #expect(answer.lines == ["0 3 open"])
            #expect(answer.cacheControl == "public, max-age=12")
            #expect(live.hub.stream("s")?.snapshot.waiting == 0)
            // It is there now, and so it is answered at once, and may be kept as long.
            let again = try await client.get("/live/s/v0.m3u8?_HLS_msn=0&_HLS_part=1")
            #expect(again.lines == ["0 3 open"])
            #expect(again.cacheControl == "public, max-age=12")
        }
    }

    @Test func aRequestWithoutAPartIsHeldUntilTheSegmentIsWhole() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=0")
            try await live.untilWaiting(1)
            try publisher.send()
            try publisher.send(isKey: true)
            #expect(try await client.answer().lines == ["0 7 whole", "1 1 open"])
        }
    }

    @Test func aPartBehindASegmentsLastIsTheNextOnesFirst() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=0&_HLS_part=7")
            try await live.untilWaiting(1)
            try publisher.send(isKey: true)
            #expect(try await client.answer().lines == ["0 6 whole", "1 1 open"])
        }
    }

    @Test func anUnreasonableRequestIsRefusedAndNobodyKeepsThat() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            for query in ["_HLS_part=1", "_HLS_msn=3"] {
                let answer = try await live.get("/live/s/v0.m3u8?" + query)
                #expect(answer.status == 400)
                #expect(answer.cacheControl == "no-store")
            }
            let old = try await live.get("/live/s/v0.m3u8?_HLS_msn=0&_HLS_part=0")
            #expect(old.status == 200)
        }
    }

    @Test func aRequestIsHeldThreeTargetDurationsAtMost() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let first = try await live.connect()
            try await first.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(1)
            live.clock.advance(by: .seconds(4))
            let second = try await live.connect()
            try await second.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(2)
            live.clock.advance(by: .seconds(2))
            let late = try await first.answer()
            #expect(late.status == 503)
            #expect(late.cacheControl == "no-store")
            #expect(live.hub.stream("s")?.snapshot.waiting == 1)
            live.clock.advance(by: .seconds(4))
            #expect(try await second.answer().status == 503)
            #expect(live.clock.timerCount == 0)
        }
    }

    @Test func deltaAndWholePlaylistsAreDifferentAnswers() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let clients = [try await live.connect(), try await live.connect()]
            try await clients[0].send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0&_HLS_skip=YES")
            try await clients[1].send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(2)
            try publisher.send(isKey: true)
            #expect(try await clients[0].answer().lines.first == "skip")
            #expect(try await clients[1].answer().lines == ["0 6 whole", "1 1 open"])
        }
    }

    @Test func tooManyWaitersAreSentAway() async throws {
        var configuration = LiveHubConfiguration.forTests
        configuration.limits.waiterCount = 1
        try await LiveServer.with(configuration: configuration) { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let client = try await live.connect()
            try await client.send("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            try await live.untilWaiting(1)
            let refused = try await live.get("/live/s/v0.m3u8?_HLS_msn=1&_HLS_part=0")
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            #expect(refused.cacheControl == "no-store")
        }
    }

    @Test func aPlaylistIsMadeAndCompressedOnceForAllWhoWait() async throws {
        try await LiveServer.with { live in
            let publisher = try live.publish()
            for _ in 0..<60 { try publisher.sendSegment() }
            var clients: [LiveClient] = []
            for _ in 0..<50 {
                let client = try await live.connect()
                try await client.send(
                    "/live/s/v0.m3u8?_HLS_msn=60&_HLS_part=0",
                    "Accept-Encoding: gzip\r\n"
                )
                clients.append(client)
            }
            try await live.untilWaiting(50)
            let before = live.rendering.playlistCount
            try publisher.send(isKey: true)
            for client in clients {
                let answer = try await client.answer()
                #expect(answer.status == 200)
            }
            // Once, or once on each event loop where two began in the same instant.
            #expect(live.rendering.playlistCount - before <= 2)
        }
    }

    @Test func theRewindPlaylistIsTheArchives() async throws {
        let archive = FakeArchive()
        try await LiveServer.with(archive: archive) { live in
            let publisher = try live.publish()
            try publisher.sendSegment()
            let missing = try await live.get("/live/s/dvr/v0.m3u8")
            #expect(missing.status == 404)
            #expect(missing.cacheControl == "no-store")
            archive.state.withLock { $0.rewind = CompressibleText("window") }
            #expect(try await live.get("/live/s/dvr/v0.m3u8").text == "window")
            #expect(try await live.get("/live/s/dvr/master.m3u8").text == "window")
        }
    }
}
