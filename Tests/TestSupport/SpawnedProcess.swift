// The one place where tests start a process: posix_spawn and poll, so unsafe.
//
// Not Foundation.Process: its children inherit the signals that threads of the concurrency runtime
// block, so that SIGTERM never reaches them, and waiting for the end of one takes the thread: a few
// such waits on the two threads that all tests share keep every other test from its own time limits.

import Glibc

/// A child process in a group of its own, both of its outputs read here.
///
/// Blocks: use it on a thread of its own, but for signals, which any thread may send.
struct SpawnedProcess {
    /// Which of its outputs.
    enum Source: Int, CaseIterable {
        case standardOutput
        case standardError
    }

    let pid: pid_t
    /// By `Source`; -1 when it has ended.
    private var outputs: [CInt]

    /// Starts a program, found by the PATH where it is no path itself, with this process'
    /// environment and an empty standard input.
    ///
    /// - Throws: `Tool.Failed` when it cannot be started.
    init(_ program: String, _ arguments: [String], environment: [String]) throws {
        var (output, error): ([CInt], [CInt]) = ([-1, -1], [-1, -1])
        // Sockets and not pipes: closed on exec from the start, so that no other child keeps them
        // open; glibc has `pipe2` only for those who ask for it before its first header.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &output) == 0,
            unsafe socketpair(AF_UNIX, kind, 0, &error) == 0
        else { throw Tool.Failed(description: "no socket for \(program): errno \(errno)") }
        let (code, pid) = Self.spawn([program] + arguments, environment, output[1], error[1])
        close(output[1])
        close(error[1])
        outputs = [output[0], error[0]]
        self.pid = pid
        guard code == 0 else {
            closeOutputs()
            throw Tool.Failed(description: "\(program) cannot be started: errno \(code)")
        }
    }

    /// Whether an output may still say something.
    var hasOutput: Bool { outputs.contains { $0 >= 0 } }

    /// Waits for output of either kind, not longer than this.
    mutating func read(milliseconds: CInt, _ take: (Source, [UInt8]) -> Void) {
        var polls = outputs.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&polls, nfds_t(polls.count), milliseconds) > 0 else { return }
        for source in Source.allCases where polls[source.rawValue].revents != 0 {
            let descriptor = outputs[source.rawValue]
            let capacity = 64 << 10
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = max(0, unsafe Glibc.read(descriptor, buffer.baseAddress, capacity))
            }
            guard bytes.isEmpty else {
                take(source, bytes)
                continue
            }
            close(descriptor)
            outputs[source.rawValue] = -1
        }
    }

    mutating func closeOutputs() {
        for descriptor in outputs where descriptor >= 0 { close(descriptor) }
        outputs = [-1, -1]
    }

    /// Its exit status, or 128 and the signal that ended it; nil while it runs.
    ///
    /// Once this says a status, the process is gone and nobody may signal it any more.
    func end() -> Int32? {
        var status: CInt = 0
        guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    private static func spawn(
        _ command: [String],
        _ environment: [String],
        _ output: CInt,
        _ error: CInt
    ) -> (code: CInt, pid: pid_t) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, error, 2)
        // NIO's sockets are not closed on exec: a child would keep a test's listener open. All
        // numbers, as one that is opened meanwhile stands in no list.
        for descriptor in 3..<CInt(1024) {
            unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM] { unsafe sigaddset(&signals, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )

        var words: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe words.append(nil)
        var values: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) }
        unsafe values.append(nil)
        defer { unsafe (words + values).forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let code = unsafe posix_spawnp(&pid, command[0], &actions, &attributes, words, values)
        return (code, pid)
    }
}
