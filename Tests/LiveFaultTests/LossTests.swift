import TestSupport
import Testing

extension LiveFaults {
    @Suite(.timeLimit(.minutes(4)))
    struct LossTests {
        private static let options = "grace: 5s, silence_timeout: 3s"

        @Test func anEncoderThatIsKilledReturnsToTheSameStream() async throws {
            try await expectReturn(Self.options) { origin, encoder in
                await encoder.kill()
                try await eventually("it is missed") {
                    try await origin.status()?.phase == "waiting"
                }
            }
        }

        @Test func anEncoderThatFallsSilentIsLostAndReturnsToTheSameStream() async throws {
            try await expectReturn(Self.options) { origin, encoder in
                encoder.freeze()
                try await eventually("its silence is noticed", within: .seconds(8)) {
                    try await origin.status()?.phase == "waiting"
                }
                await encoder.kill()
            }
        }

        private func expectReturn(
            _ options: String,
            losing: (LiveOrigin, Encoder) async throws -> Void
        ) async throws {
            let origin = try await LiveOrigin(options)
            let encoder = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "two segments") { $0.segments.count >= 2 }
            try await losing(origin, encoder)
            let again = try await Encoder(to: origin)
            try await origin.watch(&live, until: "segments of both publishes") {
                Set($0.segments.map(LivePlaylist.publish)).count == 2
            }
            #expect(live.faults == [])
            let segments = try #require(live.newest?.segments)
            #expect(segments.map(\.discontinuities).max() == 1, "one discontinuity between them")
            #expect(live.newest?.isEnded == false)
            await again.stop()
            await origin.stop()
        }

        @Test func aNetworkThatStandsStillForFiveSecondsIsWaitedFor() async throws {
            let origin = try await LiveOrigin("silence_timeout: 10s")
            let encoder = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "two segments") { $0.segments.count >= 2 }
            encoder.freeze()
            try await pass(.seconds(5))
            encoder.thaw()
            let count = try #require(live.newest?.segments.count)
            try await origin.watch(&live, until: "it goes on") { $0.segments.count >= count + 3 }
            #expect(live.faults == [])
            let publishes = Set(try #require(live.newest).segments.map(LivePlaylist.publish))
            #expect(publishes.count == 1, "it is the same publish")
            #expect(try await origin.status()?.publishes == 1)
            await encoder.stop()
            await origin.stop()
        }

        @Test func aStreamEndsWhenTheGraceIsOverAndMayBeginAgain() async throws {
            let origin = try await LiveOrigin("grace: 1s")
            let encoder = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "two segments") { $0.segments.count >= 2 }
            // Someone waits for what will never come; six seconds more than the grace's.
            let next = (live.newest?.segments.last?.number ?? 0) + 2
            let start = ContinuousClock.now
            async let waiting = origin.get("/live/cam/v0.m3u8?_HLS_msn=\(next)")
            try await eventually("it waits", within: .seconds(3)) {
                try await origin.status()?.waitingRequests ?? 0 >= 1
            }
            await encoder.kill()
            let answer = try await waiting
            #expect(ContinuousClock.now - start < .seconds(6), "it is released")
            #expect(answer.status == 200 || answer.status == 503, "\(answer)")
            try await origin.watch(&live, until: "the end") { $0.isEnded }
            let last = try #require(live.newest?.segments.last)
            let again = try await Encoder(to: origin)
            try await origin.watch(&live, until: "a segment after the end") {
                $0.segments.last?.number ?? 0 > last.number && !$0.isEnded
            }
            #expect(live.faults == [])
            await again.stop()
            await origin.stop()
        }
    }
}
