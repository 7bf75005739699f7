import Live
import Logging
import NIOPosix
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LiveRegistryTests {
    private func with(
        _ body: (TemporaryFolder, (String) -> FileLiveRegistry, ManualClock, NIOThreadPool)
            async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let clock = ManualClock()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let make = { (address: String) in
            FileLiveRegistry(
                path: folder.path("origins.json"),
                ownAddress: address,
                threads: threads,
                clock: clock,
                logger: Logger(label: "test")
            )
        }
        try await body(folder, make, clock, threads)
        try await threads.shutdownGracefully()
    }

    @Test func originsFindEachOthersStreams() async throws {
        try await with { _, make, clock, threads in
            let (one, two) = (make("http://one:8080"), make("http://two:8080"))
            one.claim("s")
            two.claim("t")
            try await threads.runIfActive {}
            #expect(one.owner(of: "s") == nil)
            // Looked for on a thread, and seen by the next one who asks.
            clock.advance(by: .seconds(1))
            _ = two.owner(of: "s")
            try await threads.runIfActive {}
            #expect(two.owner(of: "s") == "http://one:8080")
            two.claim("s")
            one.release("s")
            try await threads.runIfActive {}
            #expect(one.owner(of: "s") == "http://two:8080")
            two.release("s")
            try await threads.runIfActive {}
            clock.advance(by: .seconds(1))
            _ = one.owner(of: "s")
            try await threads.runIfActive {}
            #expect(one.owner(of: "s") == nil)
        }
    }

    @Test func aFileOfAnotherFormIsEmpty() async throws {
        try await with { folder, make, _, _ in
            for text in [
                "", "[]", "{\"s\": 1}", "{\"s\": \"a\"} x", "{\"s\": \"a", "{\"s\" \"a\"}",
            ] {
                try folder.write("origins.json", text.utf8)
                #expect(make("http://one").owner(of: "s") == nil, "\(text)")
            }
            let good = "{ \"s\" : \"http:\\/\\/t\\u0077o\", \"t\": \"\" }\n"
            try folder.write("origins.json", good.utf8)
            #expect(make("http://one").owner(of: "s") == "http://two")
        }
    }

    @Test func aDamagedFileTakesNobodysClaims() async throws {
        try await with { folder, make, clock, threads in
            let (one, two) = (make("http://one"), make("http://two"))
            one.claim("s")
            two.claim("t")
            try await threads.runIfActive {}
            // As a disk that was full leaves it.
            try folder.write("origins.json", "{\"s\": \"http://one\", \"t\"".utf8)
            two.claim("u")
            try await threads.runIfActive {}
            clock.advance(by: .seconds(1))
            _ = one.owner(of: "t")
            try await threads.runIfActive {}
            #expect(one.owner(of: "t") == "http://two" && one.owner(of: "u") == "http://two")
            let three = make("http://three")
            #expect(three.owner(of: "s") == "http://one" && three.owner(of: "t") == "http://two")
            #expect(try folder.names().contains("origins.json.damaged"))
        }
    }

    @Test func anOriginThatFindsItsClaimMissingMakesItAgain() async throws {
        try await with { folder, make, clock, threads in
            let one = make("http://one")
            one.claim("s")
            one.claim("t")
            try await threads.runIfActive {}
            try folder.write("origins.json", "{\"t\": \"http://two\"}".utf8)
            clock.advance(by: .seconds(1))
            _ = one.owner(of: "s")
            try await threads.runIfActive {}
            let three = make("http://three")
            #expect(three.owner(of: "s") == "http://one" && three.owner(of: "t") == "http://two")
        }
    }

    @Test func anOriginThatStopsReleasesItsStreams() async throws {
        try await with { folder, make, _, threads in
            try await LiveServer.with(registry: make("http://one")) { live in
                let publisher = try live.publish()
                try publisher.sendSegment()
                try await threads.runIfActive {}
                #expect(make("http://two").owner(of: "s") == "http://one")
                live.hub.releaseClaims()
                try await threads.runIfActive {}
                #expect(make("http://two").owner(of: "s") == nil)
            }
        }
    }

    @Test func aStreamElsewhereIsRedirectedTo() async throws {
        try await with { folder, make, _, _ in
            try folder.write("origins.json", #"{"s":"http://two:8080"}"#.utf8)
            let registry = make("http://one:8080")
            try await LiveServer.with(registry: registry) { live in
                let answer = try await live.get("/live/s/v0.m3u8?_HLS_msn=7")
                #expect(answer.status == 307)
                #expect(answer["location"] == "http://two:8080/live/s/v0.m3u8?_HLS_msn=7")
                #expect(answer.cacheControl == "public, max-age=1")
                // Its own streams it serves itself, whoever had them before.
                let publisher = try live.publish()
                try publisher.sendSegment()
                #expect(try await live.get("/live/s/v0.m3u8").status == 200)
            }
        }
    }
}
