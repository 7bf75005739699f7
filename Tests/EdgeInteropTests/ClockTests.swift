import Foundation
import TestSupport
import Testing

extension EdgeFaults {
    /// The machine's wall clock is set while an edge runs.
    @Suite(.timeLimit(.minutes(2)))
    struct ClockTests {
        private let key = "7:" + String(repeating: "0f", count: 32)
        private let twoHours: Int64 = 7200

        private func signed(
            _ edge: EdgeProcess,
            _ path: String,
            for seconds: Int
        ) async throws -> String {
            let words = ["sign", path, "--seconds=\(seconds)", "--prefix", "/videos/film/"]
            return try await edge.command(words).trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// Lives of what is kept go by a clock that nobody sets; those of tokens by the wall clock.
        @Test func aClockThatMovesAgesNothingAndEndsTokens() async throws {
            let origin = try await ScriptedOrigin.start { request in
                ScriptedOrigin.Step.answer("answer \(request.number)")
            }
            let clock = try await MovedClock()
            let options = ["access.keys": "[\"\(key)\"]", "foresight.on": "false"]
            let surroundings = EdgeProcess.Surroundings(environment: clock.environment)
            try await withEdge([origin.url], options, surroundings) { edge async throws in
                let path = "/videos/film/v1/1.m4s"
                let short = try await signed(edge, path, for: 600)
                let long = try await signed(edge, path, for: 40_000)
                    .replacingOccurrences(of: path, with: "")
                #expect(try await edge.get(short).text == "answer 1")
                for (offset, isOver) in [(twoHours, true), (-twoHours, false), (0, false)] {
                    try clock.move(toSeconds: offset)
                    #expect(try await edge.get(short).status == (isOver ? 403 : 200), "\(offset)")
                    let kept = try await edge.get(long + path)
                    #expect(kept.text == "answer 1", "at \(offset) s")
                    #expect(try #require(kept.age) < 120, "at \(offset) s")
                    // What comes now is kept over the next move too.
                    let other = "/videos/film/v1/at\(offset + twoHours).m4s"
                    #expect(try await edge.get(long + other).text == "answer 1")
                }
                for offset in [2 * twoHours, twoHours, 0] {
                    let other = "/videos/film/v1/at\(offset).m4s"
                    #expect(try await edge.get(long + other).text == "answer 1")
                    #expect(origin.count(other) == 1)
                }
                #expect(origin.count(path) == 1)
            }
            await origin.kill()
        }

        @Test func aClockThatIsSetBackKeepsNothingTooLong() async throws {
            let origin = try await ScriptedOrigin.start { request in
                ScriptedOrigin.Step.answer(
                    "\(request.number)",
                    fields: ["Cache-Control: s-maxage=1"]
                )
            }
            let clock = try await MovedClock()
            let surroundings = EdgeProcess.Surroundings(environment: clock.environment)
            let options = ["foresight.on": "false"]
            try await withEdge([origin.url], options, surroundings) { edge async throws in
                #expect(try await edge.get("/videos/film/v1/1.m4s").text == "1")
                try clock.move(toSeconds: -twoHours)
                try await eventually("its life ends") {
                    try await edge.get("/videos/film/v1/1.m4s").text == "2"
                }
            }
            await origin.kill()
        }
    }
}
