import TestSupport
import Testing

/// The runner that other tests trust: nothing that a program does makes it wait for ever.
@Suite(.timeLimit(.minutes(1)))
struct ToolTests {
    private func shell(_ script: String, limit: Duration = Tool.limit) async throws -> Tool.Output {
        try await Tool.run("sh", ["-c", script], limit: limit)
    }

    @Test func bothOutputsAreKeptHoweverLong() async throws {
        let output = try await shell(
            "head -c 3000000 /dev/zero >&2; head -c 5000000 /dev/zero; echo end"
        )
        #expect(output.standardError.count == 3_000_000)
        #expect(output.standardOutput.count == 5_000_004)
    }

    @Test func anArgumentStaysOneWord() async throws {
        let output = try await Tool.run("printf", ["%s\n", "a 'b' $c", "d"])
        #expect(output.lines == ["a 'b' $c", "d"])
    }

    @Test func failureSaysTheStatusAndTheErrors() async throws {
        let failure = await #expect(throws: Tool.Failed.self) {
            try await shell("echo why >&2; exit 3")
        }
        #expect(failure?.description.contains("status 3: why") == true)
    }

    @Test func aSignalIsAFailure() async throws {
        let failure = await #expect(throws: Tool.Failed.self) { try await shell("kill -SEGV $$") }
        #expect(failure?.description.contains("status 139") == true)
    }

    @Test func aMissingProgramIsAFailure() async {
        await #expect(throws: Tool.Failed.self) { try await Tool.run("/no/such/program", []) }
    }

    @Test func whatTakesTooLongIsKilled() async {
        let failure = await #expect(throws: Tool.Failed.self) {
            try await shell("sleep 600", limit: .milliseconds(100))
        }
        #expect(failure?.description.contains("takes more than") == true)
    }

    @Test func whatAProgramLeavesRunningIsNotWaitedFor() async throws {
        let output = try await shell("sleep 30 & echo $!")
        let left = try #require(output.lines.first)
        try await Tool.run("kill", [left])
    }

    @Test func aCancelledTaskKillsItsProgram() async throws {
        let run = Task { try await Tool.run("sleep", ["600"]) }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }

    @Test func theSignalToEndArrives() async throws {
        let program = try RunningProgram(
            "sh",
            ["-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"],
            limit: Tool.limit
        )
        #expect(await program.output { $0.contains("ready") } == "ready\n")
        program.terminate()
        #expect(await program.end().status == 7)
    }

    @Test func aProgramThatNeverSaysItIsReadyGivesWhatItSaid() async throws {
        let program = try RunningProgram("echo", ["sorry"], limit: Tool.limit)
        #expect(await program.output { $0.contains("ready") } == "sorry\n")
        #expect(await program.end().status == 0)
    }
}
