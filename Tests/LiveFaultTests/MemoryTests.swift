import TestSupport
import Testing

extension LiveFaults {
    @Suite(.timeLimit(.minutes(4)))
    struct MemoryTests {
        private static let publishers = 20
        /// With ten seconds of media in memory, 20 KB a second.
        private static let bytesEach = 1_500_000

        @Test func twentyPublishersTakeLittleAndNoMoreOverTime() async throws {
            let origin = try await LiveOrigin("window: 10s")
            let before = try origin.residentBytes()
            var encoders: [Encoder] = []
            for number in 0..<Self.publishers {
                encoders.append(try await Encoder(.small, to: origin, key: "cam\(number)"))
            }
            for number in 0..<Self.publishers {
                try await origin.hasSegments(6, of: "cam\(number)")
            }
            // What has left playlists is kept for a while.
            try await pass(.seconds(15))
            let first = try origin.residentBytes()
            #expect((first - before) / Self.publishers < Self.bytesEach, "\(first - before) bytes")
            try await pass(.seconds(20))
            let second = try origin.residentBytes()
            #expect((second - first) / Self.publishers < 150_000, "\(second - first) bytes more")
            for number in 0..<Self.publishers {
                let status = try #require(try await origin.status("cam\(number)"))
                #expect(status.publishes == 1 && status.recordingComplete == true)
            }
            for encoder in encoders { await encoder.stop() }
            await origin.stop()
            #expect(!origin.log.contains("complete=false"))
        }
    }
}
