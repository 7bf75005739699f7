import EdgeCache
import Foundation
import Glibc
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct PrivateMemcachedTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration() -> PrivateMemcachedConfiguration {
        var configuration = PrivateMemcachedConfiguration(folder: folder.path("run"))
        configuration.sizeMegabytes = 64
        return configuration
    }

    private func server(
        _ configuration: PrivateMemcachedConfiguration
    ) throws -> PrivateMemcached {
        try PrivateMemcached(configuration: configuration)
    }

    /// One that has ended may wait for the first process of the system to ask for its status.
    private func isRunning(_ pid: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        return status.map { !$0.contains("State:\tZ") } ?? false
    }

    @Test func outlivesTheTierAndIsFoundWarm() async throws {
        let (first, next) = (try server(configuration()), try server(configuration()))
        guard case .started(let pid) = try first.start() else {
            Issue.record("was there before")
            return
        }
        let object = makeObject(bodySizeBytes: 5_000_000)
        let one = try RunningTier([first.server]) {
            $0.sliceSizeBytes = self.configuration().sliceSizeBytes
        }
        try await one.store(object, "/a")
        try await one.stop()

        #expect(try next.start() == .found(pid: pid))
        let other = try RunningTier([next.server]) {
            $0.sliceSizeBytes = self.configuration().sliceSizeBytes
        }
        let raw = try #require(RawMemcached(configuration().socketPath))
        try await eventually { raw.get(MemcachedKey(CacheKey("/a")).bytes) != nil }
        // In one slice, as the item limit is larger.
        #expect(raw.get(MemcachedKey(CacheKey("/a")).slice(1)) == nil)
        #expect(try await other.object("/a")?.body.bytes == object.body.bytes)
        try await other.stop()

        #expect(try next.stopForGood())
        #expect(!isRunning(pid))
        #expect(try !next.stopForGood())
        #expect(try folder.names() == ["run"])
    }

    @Test func socketIsForThisUserAlone() throws {
        let server = try server(configuration())
        _ = try server.start()
        var status = stat()
        #expect(unsafe stat(configuration().socketPath, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        _ = try server.stopForGood()
    }

    @Test func isInASessionOfItsOwnWithoutOurDescriptors() throws {
        let open = unsafe open("/etc/hostname", O_RDONLY)
        defer { close(open) }
        let server = try server(configuration())
        guard case .started(let pid) = try server.start() else { return }
        #expect(getsid(pid) == pid)
        let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").map {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
        }
        #expect(links.count > 3)
        #expect(!links.contains("/etc/hostname"))
        _ = try server.stopForGood()
    }

    @Test func deadOneIsReplaced() async throws {
        let server = try server(configuration())
        guard case .started(let pid) = try server.start() else { return }
        kill(pid, SIGKILL)
        try await eventually { !isRunning(pid) }
        guard case .started(let next) = try server.start() else {
            Issue.record("not started")
            return
        }
        #expect(next != pid)
        _ = try server.stopForGood()
    }

    @Test func frozenOneIsReplaced() throws {
        var configuration = configuration()
        configuration.limit = .milliseconds(1500)
        let server = try server(configuration)
        guard case .started(let pid) = try server.start() else { return }
        try freeze(pid)
        guard case .replaced(let next) = try server.start() else {
            Issue.record("not replaced")
            return
        }
        #expect(next != pid && !isRunning(pid))
        _ = try server.stopForGood()
    }

    @Test func anotherSizeReplacesIt() throws {
        guard case .started(let pid) = try server(configuration()).start() else { return }
        var larger = configuration()
        larger.sizeMegabytes = 96
        let next = try server(larger)
        guard case .replaced = try next.start() else {
            Issue.record("not replaced")
            return
        }
        #expect(!isRunning(pid))
        let raw = try #require(RawMemcached(larger.socketPath))
        #expect(raw.statistics.contains("STAT limit_maxbytes \(96 << 20)\r\n"))
        _ = try next.stopForGood()
    }

    @Test func foreignListenerIsLeftAlone() async throws {
        let configuration = configuration()
        unsafe mkdir(configuration.folder, 0o700)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: configuration.socketPath).get()
        let error = PrivateMemcachedError.socketInUse(configuration.socketPath, pid: getpid())
        #expect(throws: error) { try server(configuration).start() }
        #expect(throws: error) { try server(configuration).stopForGood() }
        try await listener.close()
    }

    @Test func flashKeepsWhatMemoryDoesNot() async throws {
        var configuration = configuration()
        configuration.flash = .init(path: folder.path("flash"), sizeGigabytes: 1)
        let server = try server(configuration)
        _ = try server.start()
        let raw = try #require(RawMemcached(configuration.socketPath))
        #expect(raw.statistics.contains("STAT extstore_limit_maxbytes"))
        let running = try RunningTier([server.server]) {
            $0.sliceSizeBytes = configuration.sliceSizeBytes
        }
        // More than its memory. What comes faster than the disk takes it is evicted, so what is
        // missing is stored again until more is there than memory holds.
        let object = makeObject(bodySizeBytes: 1_000_000)
        try await eventually(within: .seconds(60)) {
            var found = 0
            for index in 0..<120 {
                if try await running.object("/\(index)")?.body.bytes == object.body.bytes {
                    found += 1
                } else {
                    try await running.store(object, "/\(index)")
                }
            }
            return found > 80
        }
        try await running.stop()
        _ = try server.stopForGood()
    }

    @Test func longFolderIsRefused() {
        let folder = "/" + String(repeating: "a", count: 100)
        let path = "\(folder)/memcached.sock"
        #expect(throws: PrivateMemcachedError.socketPathTooLong(path, limitBytes: 107)) {
            try PrivateMemcached(configuration: PrivateMemcachedConfiguration(folder: folder))
        }
    }

    @Test func badSettingsAreRefused() {
        var small = configuration()
        small.sizeMegabytes = 4
        #expect(throws: PrivateMemcachedError.badSize(megabytes: 4, itemLimitMegabytes: 8)) {
            try server(small)
        }
        var flash = configuration()
        flash.flash = .init(path: "flash,x", sizeGigabytes: 1)
        #expect(throws: PrivateMemcachedError.badFlash(path: "flash,x", gigabytes: 1)) {
            try server(flash)
        }
    }

    @Test func missingProgramIsNamed() throws {
        var configuration = configuration()
        configuration.program = "/nonexistent/memcached"
        #expect(
            throws: PrivateMemcachedError.cannotStart(
                program: "/nonexistent/memcached",
                errno: ENOENT
            )
        ) { try server(configuration).start() }
    }
}
