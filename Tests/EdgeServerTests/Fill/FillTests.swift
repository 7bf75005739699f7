import EdgeCache
import EdgeServer
import MediaHTTP
import NIOCore
import Testing

struct FillTests {
    private let path = "/videos/v/0123456789abcdef/720p/1.m4s"

    private func bench(
        origins: Int = 2,
        options: FillOptions = FillOptions(),
        _ body: (FillBench) async throws -> Void
    ) async throws {
        let bench = FillBench(origins: origins, options: options)
        do {
            try await body(bench)
        } catch {
            try await bench.stop()
            throw error
        }
        try await bench.stop()
    }

    @Test func manyViewersAreOneRequest() async throws {
        try await bench { bench in
            var viewers: [Viewer] = []
            for _ in 0..<100 { viewers.append(try await bench.ask(path)) }
            #expect(bench.upstream.calls.count == 1)
            try await bench.origin(0) { call in
                call.head(length: 5)
                call.body("hello")
                call.end()
            }
            #expect(viewers.allSatisfy { $0.result.text == "hello" && $0.result.hasEnded })
            let late = try await bench.ask(path)
            #expect(late.result.text == "hello")
            #expect(late.result.ageSeconds == 0)
            #expect(bench.upstream.calls.count == 1)
        }
    }

    /// Players tune in by it, and the first ones to ask did not get it.
    @Test func theAgeThatAShieldTellsIsTheirsWhoReadWhileItArrives() async throws {
        try await bench { bench in
            let first = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "max-age=60"), ("age", "7")], length: 5)
                call.body("he")
            }
            #expect(first.result.ageSeconds == 7)
            bench.clock.advance(seconds: 2)
            #expect(try await bench.ask(path).result.ageSeconds == 9)
            try await bench.origin(0) { call in
                call.body("llo")
                call.end()
            }
        }
    }

    @Test func viewersReadWhileItArrives() async throws {
        try await bench { bench in
            let first = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(length: 10)
                call.body("hello")
            }
            #expect(first.result.text == "hello")
            #expect(!first.result.hasEnded)
            let second = try await bench.ask(path)
            #expect(second.result.text == "hello")
            try await bench.origin(0) { call in
                call.body("world")
                call.end()
            }
            #expect(first.result.text == "helloworld" && first.result.hasEnded)
            #expect(second.result.text == "helloworld" && second.result.hasEnded)
        }
    }

    @Test func aBodyWithoutLengthIsSharedToo() async throws {
        try await bench { bench in
            let first = try await bench.ask(path)
            let second = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head()
                call.body("abc")
            }
            #expect(first.result.sizeBytes == nil)
            try await bench.origin(0) { $0.end() }
            #expect(second.result.text == "abc" && second.result.hasEnded)
            #expect(bench.upstream.calls.count == 1)
        }
    }

    @Test func asksAnotherOriginBeforeAnybodyHearsOfAFailure() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { $0.fail(.cannotConnect) }
            #expect(viewer.result.status == nil)
            try await bench.origin(1) { call in
                call.head(length: 2, origin: 1)
                call.body("ok")
                call.end()
            }
            #expect(viewer.result.text == "ok")
        }
    }

    @Test func asksAnotherOriginAfterAnError() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { $0.head(503, []) }
            #expect(bench.upstream.calls[0].isCancelled)
            #expect(bench.upstream.calls[1].excluded == [OriginID(index: 0)])
            try await bench.origin(1) { call in
                call.head(500, [("content-type", "text/plain")], length: 3, origin: 1)
                call.body("bad")
                call.end()
            }
            #expect(viewer.result.status == 500)
            #expect(viewer.result.text == "bad")
        }
    }

    @Test func failsOnceAllOriginsHave() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { $0.fail(.timedOut) }
            try await bench.origin(1) { $0.fail(.timedOut) }
            #expect(viewer.result.status == 504)
            #expect(bench.upstream.calls.count == 2)
            // And nothing of it is kept.
            _ = try await bench.ask(path)
            #expect(bench.upstream.calls.count == 3)
        }
    }

    @Test func servesStaleWhereNobodyAnswers() async throws {
        try await bench(origins: 1) { bench in
            try await fill(bench, "old")
            bench.clock.advance(seconds: 66)
            let viewer = try await bench.ask(path)
            #expect(viewer.result.status == nil)
            try await bench.origin(1) { $0.fail(.cannotConnect) }
            #expect(viewer.result.text == "old")
            #expect(viewer.result.ageSeconds == 66)
            bench.clock.advance(seconds: 60)
            let late = try await bench.ask(path)
            try await bench.origin(2) { $0.fail(.cannotConnect) }
            #expect(late.result.status == 503)
        }
    }

    @Test func servesStaleWhileOneRequestAsks() async throws {
        try await bench { bench in
            try await fill(bench, "old")
            bench.clock.advance(seconds: 62)
            for _ in 0..<10 {
                let viewer = try await bench.ask(path)
                #expect(viewer.result.text == "old")
            }
            try await bench.settle()
            #expect(bench.upstream.calls.count == 2)
            try await bench.origin(1) { call in
                call.head(length: 3)
                call.body("new")
                call.end()
            }
            let viewer = try await bench.ask(path)
            #expect(viewer.result.text == "new")
        }
    }

    @Test func anOriginConfirmsWhatIsKept() async throws {
        try await bench { bench in
            try await fill(bench, "same")
            bench.clock.advance(seconds: 70)
            let viewer = try await bench.ask(path)
            let asked = bench.upstream.calls[1]
            #expect(asked.field("If-None-Match") == "\"tag\"")
            try await bench.origin(1) { call in
                call.head(304, [("cache-control", "max-age=60"), ("etag", "\"tag\"")])
                call.end()
            }
            #expect(viewer.result.text == "same")
            _ = try await bench.ask(path)
            #expect(bench.upstream.calls.count == 2)
        }
    }

    @Test func healsABodyThatBreaksOff() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "max-age=60"), ("etag", "\"t\"")], length: 10)
                call.body("hello")
                call.fail(.closed)
            }
            let healing = bench.upstream.calls[1]
            #expect(healing.field("Range") == "bytes=5-")
            #expect(healing.field("If-Range") == "\"t\"")
            try await bench.origin(1) { call in
                call.head(
                    206,
                    [("etag", "\"t\""), ("content-range", "bytes 5-9/10")],
                    length: 5,
                    origin: 1
                )
                call.body("world")
                call.end()
            }
            #expect(viewer.result.text == "helloworld" && viewer.result.hasEnded)
            let late = try await bench.ask(path)
            #expect(late.result.text == "helloworld")
        }
    }

    @Test func healsFromAWholeAnswerWithTheSameTag() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "max-age=60"), ("etag", "\"t\"")], length: 10)
                call.body("hello")
                call.fail(.closed)
            }
            try await bench.origin(1) { call in
                call.head(200, [("etag", "\"t\"")], length: 10, origin: 1)
                call.body("hel")
                call.body("loworld")
                call.end()
            }
            #expect(viewer.result.text == "helloworld" && viewer.result.hasEnded)
        }
    }

    @Test func neverMixesTwoBodies() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "max-age=60"), ("etag", "\"t\"")], length: 10)
                call.body("hello")
                call.fail(.closed)
            }
            try await bench.origin(1) { call in
                call.head(
                    206,
                    [("etag", "\"other\""), ("content-range", "bytes 5-9/10")],
                    length: 5,
                    origin: 1
                )
            }
            #expect(viewer.result.hasFailed)
            #expect(viewer.result.text == "hello")
            _ = try await bench.ask(path)
            #expect(bench.upstream.calls.count == 3)
        }
    }

    @Test func aBodyOfAnotherLengthIsNotKept() async throws {
        try await bench(origins: 1) { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(length: 10)
                call.body("hello")
                call.end()
            }
            #expect(viewer.result.hasFailed)
            _ = try await bench.ask(path)
            #expect(bench.upstream.calls.count == 2)
        }
    }

    @Test func whatIsPrivateIsNobodyElses() async throws {
        try await bench { bench in
            let first = try await bench.ask(path)
            let second = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "private")], length: 1)
                call.body("1")
                call.end()
            }
            #expect(first.result.text == "1")
            #expect(second.result.status == nil)
            try await bench.origin(1) { call in
                call.head(200, [("cache-control", "private")], length: 1)
                call.body("2")
                call.end()
            }
            #expect(second.result.text == "2")
            #expect(bench.memory.object(for: CacheKey(path)) == nil)
        }
    }

    @Test func whatIsTooLargePassesThrough() async throws {
        var options = FillOptions()
        options.largestObjectBytes = 8
        options.windowBytes = 4
        try await bench(options: options) { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(length: 10)
                call.body("hello")
                call.body("world")
                call.end()
            }
            #expect(viewer.result.text == "helloworld" && viewer.result.hasEnded)
            #expect(bench.memory.object(for: CacheKey(path)) == nil)
        }
    }

    @Test func aFillGoesOnWithoutItsViewers() async throws {
        try await bench { bench in
            _ = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(length: 2)
                call.body("ok")
                call.end()
            }
            #expect(bench.memory.object(for: CacheKey(path))?.body.sizeBytes == 2)
        }
    }

    @Test func aPassingBodyThatNobodyReadsEndsItsCall() async throws {
        var options = FillOptions()
        options.windowBytes = 4
        try await bench(options: options) { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(200, [("cache-control", "private")], length: 20)
                call.body("hello")
            }
            #expect(viewer.result.text == "hello")
            #expect(!bench.upstream.calls[0].isCancelled)
            viewer.leave()
            try await bench.settle()
            #expect(bench.upstream.calls[0].isCancelled)
        }
    }

    @Test func aPassingBodyThatNobodyWantsEndsItsCall() async throws {
        try await bench { bench in
            try await fill(bench, "old", life: 1)
            bench.clock.advance(seconds: 2)
            // Served as it is, while a request in nobody's name asks for a newer one.
            #expect(try await bench.ask(path).result.text == "old")
            try await bench.settle()
            try await bench.origin(1) { call in
                call.head(200, [("cache-control", "private")], length: 20)
            }
            #expect(bench.upstream.calls[1].isCancelled)
        }
    }

    @Test func anAnswerWithoutABodyHasNoBodyOfUnknownSize() async throws {
        try await bench { bench in
            let viewer = try await bench.ask(path)
            try await bench.origin(0) { call in
                call.head(204)
                call.end()
            }
            #expect(viewer.result.status == 204)
            #expect(viewer.result.sizeBytes == 0)
        }
    }

    @Test func aLongTextCanBeCompressed() async throws {
        let playlist = "/videos/v/hls/master.m3u8"
        try await bench { bench in
            _ = try await bench.ask(playlist)
            try await bench.origin(0) { call in
                call.head()
                call.body(String(repeating: "#EXT", count: 30_000))
                call.end()
            }
            #expect(try await bench.ask(playlist).result.isCompressible)
        }
    }

    /// Whoever asked first, as both are given the same answer.
    @Test(arguments: [true, false])
    func whatIsForCachesIsForEdgesAlone(isEdgeFirst: Bool) async throws {
        try await bench { bench in
            let first = try await bench.ask(path, isForEdge: isEdgeFirst)
            let second = try await bench.ask(path, isForEdge: !isEdgeFirst)
            try await bench.origin(0) { call in
                call.head(
                    200,
                    [("cache-control", "max-age=60"), ("cache-tag", "video-v")],
                    length: 1
                )
                call.body("1")
                call.end()
            }
            let edge = try await bench.ask(path, isForEdge: true)
            let player = try await bench.ask(path)
            #expect(bench.upstream.calls.count == 1)
            #expect(edge.result.fields["cache-tag"] == "video-v")
            #expect(player.result.fields["cache-tag"] == nil)
            let (joinedEdge, joinedPlayer) = isEdgeFirst ? (first, second) : (second, first)
            #expect(joinedEdge.result.fields["cache-tag"] == "video-v")
            #expect(joinedPlayer.result.fields["cache-tag"] == nil)
        }
    }

    /// Players got the address of an origin that they cannot reach.
    @Test func aStreamIsFetchedFromTheOriginThatHasIt() async throws {
        try await bench { bench in
            let viewer = try await bench.ask("/live/cam/v0.m3u8", query: "_HLS_msn=7&_HLS_part=1")
            let target = bench.upstream.calls[0].request.target
            let location = "http://origin-1:8081" + target
            try await bench.origin(0) { $0.head(307, [("location", location)]) }
            try #require(bench.upstream.calls.count == 2)
            #expect(bench.upstream.calls[0].isCancelled)
            #expect(bench.upstream.calls[1].origin == OriginID(index: 1))
            #expect(bench.upstream.calls[1].request.target == target)
            try await bench.origin(1) { call in
                call.head(length: 4, origin: 1)
                call.body("list")
                call.end()
            }
            #expect(viewer.result.status == 200 && viewer.result.text == "list")
        }
    }

    @Test(
        arguments: [
            "http://elsewhere:8081/live/cam/v0.m3u8", "http://origin-1:8081/live/other/v0.m3u8",
            "http://origin-0:8081/live/cam/v0.m3u8", "/live/cam/v0.m3u8",
        ]
    )
    func otherRedirectsAreThePlayers(location: String) async throws {
        try await bench { bench in
            let viewer = try await bench.ask("/live/cam/v0.m3u8")
            try await bench.origin(0) { call in
                call.head(307, [("location", location)], length: 0)
                call.end()
            }
            #expect(bench.upstream.calls.count == 1)
            #expect(viewer.result.status == 307 && viewer.result.fields["location"] == location)
        }
    }

    @Test func originsThatNameEachOtherAreNotAskedForEver() async throws {
        try await bench { bench in
            let viewer = try await bench.ask("/live/cam/v0.m3u8")
            for index in 0..<2 {
                try await bench.origin(index) { call in
                    let other = "http://origin-\(1 - index):8081/live/cam/v0.m3u8"
                    call.head(307, [("location", other)], length: 0, origin: index)
                    call.end()
                }
            }
            #expect(bench.upstream.calls.count == 2)
            #expect(viewer.result.status == 307)
        }
    }

    private func fill(_ bench: FillBench, _ text: String, life: Int = 60) async throws {
        _ = try await bench.ask(path)
        try await bench.origin(0) { call in
            call.head(
                200,
                [("cache-control", "max-age=\(life)"), ("etag", "\"tag\"")],
                length: UInt64(text.utf8.count)
            )
            call.body(text)
            call.end()
        }
    }
}
