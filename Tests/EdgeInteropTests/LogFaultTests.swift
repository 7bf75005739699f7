import Foundation
import Glibc
import NIOCore
import Synchronization
import TestSupport
import Testing

extension EdgeFaults {
    /// What the log is written to is full, or nobody reads it any more.
    @Suite(.timeLimit(.minutes(2)))
    struct LogFaultTests {
        /// Seen on a full disk: the first line that did not fit ended the edge.
        @Test func aFullDiskForLogsDoesNoHarm() async throws {
            try await serves(writingTo: "/dev/full")
        }

        /// As behind a collector that hangs.
        @Test func aPipeThatNobodyReadsDoesNoHarm() async throws {
            let folder = try TemporaryFolder()
            let pipe = folder.path("pipe")
            let result = unsafe mkfifo(pipe, 0o600)
            try #require(result == 0)
            try await serves(writingTo: pipe)
        }

        /// Requests with a line each, reloads with one, refusals with one; then a clean end.
        private func serves(writingTo errors: String) async throws {
            let body = Bytes.of("film", count: 2000)
            let origin = try await ScriptedOrigin.start { _ in ScriptedOrigin.Step.answer(body) }
            let options = ["log.access_sample": "1"]
            let surroundings = EdgeProcess.Surroundings(errors: errors)
            try await withEdge([origin.url], options, surroundings) { edge async throws in
                for memory in ["64MiB", "65MiB", "66MiB"] {
                    // Several times what a pipe holds.
                    let left = Mutex(500)
                    let load = Crowd(of: 8, on: edge.port, paths: ["/videos/film/v1/1.m4s"]) { _ in
                        body
                    }
                    let seen = try await load.run {
                        left.withLock { left in
                            left -= 1
                            return left < 0
                        }
                    }
                    #expect(seen.faults == [])
                    #expect(seen.answers == 500)
                    try edge.reload(["cache.memory": memory])
                    try await eventually("\(memory) is taken over") {
                        try await edge.metric("millrace_edge_memory_bytes", "capacity")
                            == Int(memory.dropLast(3)).map { $0 << 20 }
                    }
                }
                #expect(try await edge.admin("/readyz").status == 200)
            }
            await origin.kill()
        }
    }
}
