import EdgeCache
import Testing

struct MemcachedConfigurationTests {
    @Test func serversAreRead() throws {
        #expect(try MemcachedServer("cache1") == .tcp(host: "cache1", port: 11211))
        #expect(try MemcachedServer("10.0.0.1:11300") == .tcp(host: "10.0.0.1", port: 11300))
        #expect(try MemcachedServer("[::1]:11300") == .tcp(host: "::1", port: 11300))
        #expect(try MemcachedServer("[::1]") == .tcp(host: "::1", port: 11211))
        #expect(try MemcachedServer("/run/m.sock") == .unix(path: "/run/m.sock"))
    }

    @Test(arguments: ["", ":1", "a:", "a:0", "a:65536", "a b", "::1", "[::1", "[::1]x", "a:-1"])
    func badServersAreRefused(text: String) {
        #expect(throws: MemcachedConfigurationError.badServer(text)) { try MemcachedServer(text) }
    }

    @Test func longSocketPathIsRefused() {
        let path = "/" + String(repeating: "a", count: 107)
        #expect(throws: MemcachedConfigurationError.socketPathTooLong(path)) {
            try MemcachedServer(path)
        }
    }

    @Test func badConfigurationsAreRefused() {
        func error(
            _ change: (inout MemcachedConfiguration) -> Void
        ) -> MemcachedConfigurationError? {
            var configuration = MemcachedConfiguration(servers: [.tcp(host: "a", port: 1)])
            change(&configuration)
            do throws(MemcachedConfigurationError) {
                try configuration.validate()
                return nil
            } catch {
                return error
            }
        }
        #expect(error { _ in } == nil)
        #expect(error { $0.servers = [] } == .serverCount(0))
        #expect(error { $0.threadCount = 0 } == .threadCount(0))
        #expect(error { $0.sliceSizeBytes = 100 } == .sliceSize(100))
        #expect(error { $0.largestObjectBytes = 0 } == .largestObject(0))
        #expect(error { $0.queuedLookupCount = 0 } == .emptyQueue)
        #expect(error { $0.deadline = .zero } == .tooShort)
        #expect(error { $0.retryAfter = .zero } == .tooShort)
    }
}
