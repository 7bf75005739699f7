import TestSupport
import Testing

extension LiveFaults {
    @Suite(.timeLimit(.minutes(4)))
    struct KeyTests {
        @Test func aWrongKeyIsNamedToTheEncoder() async throws {
            let origin = try await LiveOrigin("keys: [right=cam]")
            let encoder = try await Encoder(to: origin, key: "wrong")
            #expect(await encoder.end() != 0)
            #expect(encoder.complaint.lowercased().contains("key"), "\(encoder.complaint)")
            #expect(try await origin.status() == nil)
            #expect(!origin.log.contains("wrong"), "a key is a secret, a wrong one too")
            await origin.stop()
        }

        @Test func aStolenKeyIsChangedAndTheThiefIsOut() async throws {
            let origin = try await LiveOrigin("keys: [stolen=cam, mine=other]")
            let thief = try await Encoder(to: origin, key: "stolen")
            let neighbour = try await Encoder(.small, to: origin, key: "mine")
            try await origin.hasSegments(1, of: "other")
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a segment") { !$0.segments.isEmpty }
            try origin.reload("keys: [changed=cam, mine=other]")
            #expect(await thief.end() != 0, "it is sent away")
            let again = try await Encoder(to: origin, key: "stolen")
            #expect(await again.end() != 0)
            #expect(again.complaint.lowercased().contains("key"), "\(again.complaint)")
            let owner = try await Encoder(to: origin, key: "changed")
            try await origin.watch(&live, until: "the owner's segments") {
                Set($0.segments.map(LivePlaylist.publish)).count == 2
            }
            #expect(live.faults == [])
            #expect(try await origin.status("other")?.publishes == 1, "others notice nothing")
            for secret in ["stolen", "changed", "mine"] { #expect(!origin.log.contains(secret)) }
            await owner.stop()
            await neighbour.stop()
            await origin.stop()
        }
    }
}
