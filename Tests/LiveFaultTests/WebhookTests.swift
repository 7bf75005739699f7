import TestSupport
import Testing

extension LiveFaults {
    /// Operators' addresses that say no, say nothing, or fail.
    @Suite(.timeLimit(.minutes(4)))
    struct WebhookTests {
        private func options(_ hook: HookServer, decides: Bool) -> String {
            "grace: 1s, webhook: {url: '\(hook.url)', secret: hush, timeout: 2s, decides: \(decides)}"
        }

        @Test func aStreamsLifeIsToldAndSigned() async throws {
            let hook = try HookServer { _, _ in HookServer.Answer() }
            let origin = try await LiveOrigin(options(hook, decides: false))
            let encoder = try await Encoder(.small, to: origin)
            try await origin.hasSegments(1)
            await encoder.kill()
            try await eventually("it is told") {
                hook.events(of: "cam") == ["stream_started", "stream_lost", "stream_ended"]
            }
            // One that sends what cannot be used is told of as an error.
            let raw = try RawEncoder(port: origin.rtmpPort, key: "bad")
            for tag in try FLVTag.all(of: try await Clip.small.path()).prefix(60) { raw.send(tag) }
            raw.socket.write([0xC9, 0, 0, 0, 0])
            try await eventually("the error is told") {
                hook.events(of: "bad") == ["stream_started", "stream_error", "stream_ended"]
            }
            for post in hook.posts {
                #expect(try await post.signature == Self.signature(of: post.body), "\(post.event)")
            }
            #expect(!origin.log.contains("hush"))
            await origin.stop()
        }

        @Test func itDecidesWhoPublishes() async throws {
            let hook = try HookServer { post, count in
                guard post.event == "publish" else { return HookServer.Answer() }
                switch post.subject {
                case "yes": return HookServer.Answer(body: #"{"stream":"cam"}"#)
                case "slow": return HookServer.Answer(body: #"{"stream":"late"}"#, seconds: 1)
                case "never": return HookServer.Answer(body: #"{"stream":"x"}"#, seconds: 20)
                // Twice a fault of its own, and then an answer.
                case "faulty" where count == 3: return HookServer.Answer(body: #"{"stream":"f"}"#)
                case "faulty", "broken": return HookServer.Answer(status: 500)
                default: return HookServer.Answer(status: 403)
                }
            }
            let origin = try await LiveOrigin(options(hook, decides: true))
            for (key, stream) in [("yes", "cam"), ("slow", "late"), ("faulty", "f")] {
                let encoder = try await Encoder(.small, to: origin, key: key)
                try await eventually("\(key) publishes", within: .seconds(10)) {
                    try await origin.status(stream)?.phase == "live"
                }
                await encoder.stop()
            }
            for key in ["no", "broken", "never"] {
                let start = ContinuousClock.now
                let encoder = try await Encoder(.small, to: origin, key: key)
                #expect(await encoder.end() != 0, "\(key)")
                #expect(encoder.complaint.lowercased().contains("key"), "\(encoder.complaint)")
                #expect(ContinuousClock.now - start < .seconds(8), "\(key)")
            }
            #expect(try await origin.status("x") == nil)
            // An address that is slow to decide holds up nobody who publishes already.
            #expect(hook.posts.count { $0.event == "publish" && $0.subject == "broken" } == 3)
            await origin.stop()
        }

        /// By a program that is not ours.
        private static func signature(of body: [UInt8]) async throws -> String {
            let folder = try TemporaryFolder()
            let file = try folder.write("body", body)
            let words = ["dgst", "-sha256", "-hmac", "hush", "-r", file]
            return try await Tool.run("openssl", words).text.split(separator: " ").first
                .map(String.init) ?? ""
        }
    }
}
