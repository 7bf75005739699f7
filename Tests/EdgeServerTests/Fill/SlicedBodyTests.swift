import EdgeCache
import EdgeServer
import NIOCore
import Testing

struct SlicedBodyTests {
    private let path = "/videos/v/720p.mp4"

    private func slice(
        _ bench: FillBench,
        _ index: Int,
        _ range: String,
        _ text: String,
        tag: String = "t"
    ) async throws {
        try await bench.origin(index) { call in
            call.head(
                206,
                [
                    ("cache-control", "max-age=60"), ("etag", "\"\(tag)\""),
                    ("content-range", "bytes \(range)"),
                ],
                length: UInt64(text.utf8.count)
            )
            call.body(text)
            call.end()
        }
    }

    @Test func aLargeFileIsFetchedSliceBySlice() async throws {
        let bench = FillBench()
        let viewer = try await bench.ask(path)
        #expect(bench.upstream.calls[0].field("Range") == "bytes=0-9")
        #expect(bench.upstream.calls[0].request.target == path)
        try await slice(bench, 0, "0-9/25", "0123456789")
        #expect(viewer.result.sizeBytes == 25)
        #expect(bench.upstream.calls[1].field("Range") == "bytes=10-19")
        #expect(bench.upstream.calls[1].field("If-Range") == "\"t\"")
        try await slice(bench, 1, "10-19/25", "abcdefghij")
        try await slice(bench, 2, "20-24/25", "ABCDE")
        #expect(viewer.result.text == "0123456789abcdefghijABCDE" && viewer.result.hasEnded)
        let late = try await bench.ask(path)
        try await bench.settle()
        #expect(late.result.text == "0123456789abcdefghijABCDE")
        #expect(bench.upstream.calls.count == 3)
        try await bench.stop()
    }

    @Test func slicesOfTwoFilesNeverMeet() async throws {
        let bench = FillBench()
        let viewer = try await bench.ask(path)
        try await slice(bench, 0, "0-9/25", "0123456789")
        try await slice(bench, 1, "10-19/25", "abcdefghij", tag: "other")
        #expect(viewer.result.hasFailed)
        #expect(viewer.result.text == "0123456789")
        // The next viewer gets the new file from its start.
        _ = try await bench.ask(path)
        #expect(bench.upstream.calls[2].field("Range") == "bytes=0-9")
        try await bench.stop()
    }

    @Test func aSmallFileIsOneSlice() async throws {
        let bench = FillBench()
        let viewer = try await bench.ask(path)
        try await slice(bench, 0, "0-4/5", "small")
        #expect(viewer.result.text == "small" && viewer.result.hasEnded)
        #expect(bench.upstream.calls.count == 1)
        try await bench.stop()
    }

    /// A player got the first slice as if it were all of the file; then it got a 502.
    @Test(arguments: [true, false])
    func aFileWithoutATagPassesThrough(isKnownSize: Bool) async throws {
        let bench = FillBench(origins: 1)
        let viewer = try await bench.ask(path)
        try await bench.origin(0) { call in
            call.head(
                206,
                [("cache-control", "max-age=60"), ("content-range", "bytes 0-9/25")],
                length: 10
            )
        }
        #expect(bench.upstream.calls[0].isCancelled)
        #expect(bench.upstream.calls[1].field("Range") == nil)
        try await whole(bench, 1, "0123456789abcdefghijABCDE", length: isKnownSize ? 25 : nil)
        #expect(viewer.result.status == 200 && viewer.result.hasEnded)
        #expect(viewer.result.text == "0123456789abcdefghijABCDE")
        try await bench.stop()
    }

    private func whole(
        _ bench: FillBench,
        _ index: Int,
        _ text: String,
        length: UInt64?
    ) async throws {
        try await bench.origin(index) { call in
            call.head(200, [("cache-control", "max-age=60")], length: length)
            call.body(text)
            call.end()
        }
    }

    @Test func anOriginThatIgnoresRangesIsPassedThroughToEachViewer() async throws {
        let bench = FillBench(origins: 1)
        let viewers = [try await bench.ask(path), try await bench.ask(path)]
        try await bench.origin(0) { $0.head(200, [("etag", "\"t\"")], length: 25) }
        #expect(bench.upstream.calls.count == 3)
        for index in 1...2 { try await whole(bench, index, "all of it", length: 9) }
        for viewer in viewers { #expect(viewer.result.text == "all of it") }
        try await bench.stop()
    }

    @Test func aPrivateFileIsEachViewersOwn() async throws {
        let bench = FillBench(origins: 1)
        let viewers = [try await bench.ask(path), try await bench.ask(path)]
        try await bench.origin(0) { call in
            call.head(
                206,
                [
                    ("cache-control", "private"), ("etag", "\"t\""),
                    ("content-range", "bytes 0-9/25"),
                ],
                length: 10
            )
        }
        for index in 1...2 { try await whole(bench, index, "your own", length: 8) }
        for viewer in viewers { #expect(viewer.result.text == "your own") }
        try await bench.stop()
    }

    @Test func aSliceThatBreaksOffIsHealedFromASecondOrigin() async throws {
        let bench = FillBench()
        let viewer = try await bench.ask(path)
        try await slice(bench, 0, "0-9/25", "0123456789")
        try await bench.origin(1) { call in
            call.head(
                206,
                [
                    ("cache-control", "max-age=60"), ("etag", "\"t\""),
                    ("content-range", "bytes 10-19/25"),
                ],
                length: 10
            )
            call.body("abcd")
            call.fail(.closed)
        }
        #expect(bench.upstream.calls[2].field("Range") == "bytes=14-19")
        #expect(bench.upstream.calls[2].field("If-Range") == "\"t\"")
        try await slice(bench, 2, "14-19/25", "efghij")
        try await slice(bench, 3, "20-24/25", "ABCDE")
        #expect(viewer.result.text == "0123456789abcdefghijABCDE" && viewer.result.hasEnded)
        try await bench.stop()
    }

    @Test(arguments: ["15-19/25", "14-19/26", "14-18/25"])
    func aSliceIsNotHealedWithOtherBytes(range: String) async throws {
        let bench = FillBench()
        let viewer = try await bench.ask(path)
        try await bench.origin(0) { call in
            call.head(
                206,
                [
                    ("cache-control", "max-age=60"), ("etag", "\"t\""),
                    ("content-range", "bytes 0-9/25"),
                ],
                length: 10
            )
            call.body("0123")
            call.fail(.closed)
        }
        try await slice(bench, 1, range, "efghij")
        #expect(viewer.result.hasFailed && viewer.result.text == "0123")
        try await bench.stop()
    }

    @Test(arguments: ["0123", "0123456789abc"])
    func aSliceOfAnotherSizeIsNotKept(text: String) async throws {
        let bench = FillBench(origins: 1)
        let viewer = try await bench.ask(path)
        try await bench.origin(0) { call in
            call.head(
                206,
                [
                    ("cache-control", "max-age=60"), ("etag", "\"t\""),
                    ("content-range", "bytes 0-9/25"),
                ]
            )
            call.body(text)
            call.end()
        }
        // What is too short is asked for again, as if it had broken off.
        var next = 1
        while next < bench.upstream.calls.count {
            #expect(bench.upstream.calls[next].field("Range") == "bytes=4-9")
            try await bench.origin(next) { $0.fail(.cannotConnect) }
            next += 1
        }
        #expect(viewer.result.hasFailed)
        #expect("0123456789".hasPrefix(viewer.result.text))
        #expect(bench.memory.object(for: CacheKey(path + "#0")) == nil)
        try await bench.stop()
    }

    @Test func aFileIsServedStaleWhereNobodyAnswers() async throws {
        let bench = FillBench(origins: 1)
        _ = try await bench.ask(path)
        try await slice(bench, 0, "0-4/5", "small")
        bench.clock.advance(seconds: 70)
        let viewer = try await bench.ask(path)
        try await bench.origin(1) { $0.fail(.cannotConnect) }
        #expect(viewer.result.status == 200)
        #expect(viewer.result.text == "small" && viewer.result.hasEnded)
        try await bench.stop()
    }

    /// A moment without origins cost the beginning of every file that was being watched.
    @Test func whatIsThereStaysWhileNobodyAnswers() async throws {
        let bench = FillBench(origins: 1)
        let viewer = try await bench.ask(path)
        try await slice(bench, 0, "0-9/25", "0123456789")
        try await bench.origin(1) { $0.fail(.cannotConnect) }
        #expect(viewer.result.hasFailed)
        let next = try await bench.ask(path)
        try await bench.settle()
        #expect(next.result.text == "0123456789")
        try await bench.stop()
    }

    @Test func anErrorIsPassedOn() async throws {
        let bench = FillBench(origins: 1)
        let viewer = try await bench.ask(path)
        try await bench.origin(0) { call in
            call.head(404, [("content-type", "application/json")], length: 2)
            call.body("{}")
            call.end()
        }
        #expect(viewer.result.status == 404)
        #expect(viewer.result.text == "{}")
        try await bench.stop()
    }
}
