import TestSupport
import Testing

extension LiveFaults {
    @Suite(.timeLimit(.minutes(4)))
    struct TakeoverTests {
        @Test(arguments: ["replace", "reject"])
        func aFrozenEncoderDoesNotKeepTheNextOneOut(takeover: String) async throws {
            let origin = try await LiveOrigin("takeover: \(takeover), silence_timeout: 60s")
            let first = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a segment") { !$0.segments.isEmpty }
            first.freeze()
            // One that is to be rejected for a living one is frozen after three seconds.
            if takeover == "reject" { try await pass(.seconds(4)) }
            let start = ContinuousClock.now
            let second = try await Encoder(to: origin)
            try await eventually("the second one is live") {
                try await origin.status()?.publishes == 2
            }
            #expect(ContinuousClock.now - start < .seconds(4))
            try await origin.watch(&live, until: "segments of both publishes") {
                Set($0.segments.map(LivePlaylist.publish)).count == 2
            }
            #expect(live.faults == [])
            first.thaw()
            #expect(await first.end() != 0, "the first one is shut out")
            #expect(try await origin.status()?.publishes == 2)
            await second.stop()
            await origin.stop()
        }

        @Test func whereTheFirstIsToStayTheSecondIsToldSo() async throws {
            let origin = try await LiveOrigin("takeover: reject")
            let first = try await Encoder(to: origin)
            try await origin.hasSegments(1)
            let second = try await Encoder(to: origin)
            #expect(await second.end() != 0)
            #expect(second.complaint.lowercased().contains("publish"), "\(second.complaint)")
            #expect(try await origin.status()?.publishes == 1)
            #expect(try await origin.status()?.phase == "live")
            await first.stop()
            await origin.stop()
        }

        @Test func aBackupTakesOverAndGivesBack() async throws {
            let origin = try await LiveOrigin("keys: [one=cam, 'two=cam:backup']")
            let first = try await Encoder(to: origin, key: "one")
            try await origin.hasSegments(1)
            let backup = try await Encoder(to: origin, key: "two")
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a second segment") { $0.segments.count >= 2 }
            #expect(try await origin.status()?.publisher?.role == "primary")
            await first.kill()
            try await eventually("the backup's media is taken", within: .seconds(6)) {
                try await origin.status()?.publisher?.role == "backup"
            }
            let again = try await Encoder(to: origin, key: "one")
            try await eventually("it gives back", within: .seconds(6)) {
                try await origin.status()?.publisher?.role == "primary"
            }
            try await origin.watch(&live, until: "segments of all three") {
                Set($0.segments.map(LivePlaylist.publish)).count == 3
            }
            #expect(live.faults == [])
            #expect(try await origin.status()?.phase == "live")
            await backup.stop()
            #expect(try await origin.status()?.phase == "live")
            await again.stop()
            await origin.stop()
        }
    }
}
