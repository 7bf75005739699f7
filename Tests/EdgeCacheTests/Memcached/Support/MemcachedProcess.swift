import EdgeCache
import Glibc
import TestSupport
import Testing

/// A real memcached on a socket of its own, with enough memory for the tests.
final class MemcachedProcess: Sendable {
    let path: String
    let pid: Int32
    private let program: RunningProgram

    /// Starts it with its socket in a folder; returns when it answers.
    init(in folder: TemporaryFolder, name: String = "m.sock", arguments: [String] = []) async throws
    {
        path = folder.path(name)
        unsafe unlink(path)
        var words = ["-s", path, "-m", "128", "-t", "2"] + arguments
        if geteuid() == 0 { words += ["-u", "root"] }
        program = try RunningProgram("memcached", words, limit: .seconds(60))
        let path = path
        try await eventually { RawMemcached(path) != nil }
        pid = try #require(RawMemcached(path)?.pid)
    }

    var server: MemcachedServer { .unix(path: path) }

    /// Sends a signal to it.
    func signal(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Stops it until `SIGCONT`.
    func freeze() throws {
        try TestSupport.freeze(pid)
    }

    /// Kills it, and returns when it is no more.
    func end() async {
        kill(pid, SIGKILL)
        _ = await program.end()
    }

    deinit {
        // A frozen one would not end by the other signal.
        kill(pid, SIGKILL)
    }
}
