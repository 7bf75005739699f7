import Glibc

/// A child process whose standard output is read here, and to whose standard input this process
/// may write; nothing else of this process reaches it.
///
/// Blocks: use it on a thread of its own.
package final class ChildProcess {
    /// How it ended.
    package enum End: Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    let processID: pid_t
    private let output: CInt
    private var end: End?

    /// Starts `command[0]` with the rest as its arguments, in a process group of its own, so that
    /// a terminal's Ctrl-C reaches the parent only, which then cleans up.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments.
    ///   - hasInput: whether it is written to; it reads nothing otherwise.
    /// - Throws: `cannotStart`.
    package init(_ command: [String], hasInput: Bool = false) throws(TranscodingError) {
        var pipes: [CInt] = [-1, -1]
        // A socket goes both ways, and writing to one that nobody reads raises no signal.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let code =
            hasInput ? unsafe socketpair(AF_UNIX, kind, 0, &pipes) : unsafe pipe(&pipes)
        guard code == 0 else {
            throw .cannotStart(executable: command.first ?? "", errno: errno)
        }
        for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let result = Self.spawn(command, input: hasInput ? pipes[1] : nil, output: pipes[1])
        close(pipes[1])
        guard case .success(let pid) = result else {
            close(pipes[0])
            var code = ENOENT
            if case .failure(let error) = result { code = error.code }
            throw .cannotStart(executable: command.first ?? "", errno: code)
        }
        processID = pid
        output = pipes[0]
    }

    deinit {
        if end == nil {
            kill()
            _ = wait()
        }
        close(output)
    }

    /// Bytes of its output: nil when nothing came in this time, empty at the end.
    package func read(milliseconds: CInt) -> [UInt8]? {
        var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard unsafe Glibc.poll(&poll, 1, milliseconds) > 0 else { return nil }
        let capacity = 64 << 10
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = max(0, unsafe Glibc.read(output, buffer.baseAddress, capacity))
        }
    }

    /// Writes all of it, where the child was started with an input.
    ///
    /// - Returns: whether the child has taken it, or the system for it, before `deadline`.
    func write(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let left = (deadline - .now) / .milliseconds(1)
            var poll = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
            guard left > 0, unsafe Glibc.poll(&poll, 1, CInt(left.rounded(.up))) > 0 else {
                return false
            }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    output,
                    buffer.baseAddress?.advanced(by: sent),
                    buffer.count - sent,
                    CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
                )
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func kill() {
        guard end == nil else { return }
        _ = Glibc.kill(processID, SIGKILL)
    }

    /// Whether it has ended; its output may hold more bytes still.
    var hasEnded: Bool {
        if end != nil { return true }
        var status: CInt = 0
        guard unsafe waitpid(processID, &status, WNOHANG) == processID else { return false }
        end = Self.end(status)
        return true
    }

    /// Waits for its end; the process must be ending by itself or killed.
    package func wait() -> End {
        if let end { return end }
        var status: CInt = 0
        while unsafe waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        let result = Self.end(status)
        end = result
        return result
    }

    /// WIFEXITED and its fellows are macros that Swift does not import.
    private static func end(_ status: CInt) -> End {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// What is open here.
    ///
    /// A library may have opened it without O_CLOEXEC, and the child reads hostile files. One that is closed meanwhile does no harm to a spawn.
    private static func openDescriptors() -> [CInt] {
        guard let folder = unsafe opendir("/proc/self/fd") else { return [] }
        defer { unsafe closedir(folder) }
        var descriptors: [CInt] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let descriptor = CInt(name) { descriptors.append(descriptor) }
        }
        return descriptors
    }

    private struct SpawnError: Error {
        var code: CInt
    }

    private static func spawn(
        _ command: [String],
        input: CInt?,
        output: CInt
    ) -> Result<pid_t, SpawnError> {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // After the others: the child's output is one of them.
        for descriptor in openDescriptors() where descriptor > 2 {
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

        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        // A crash ends the child at once, without a trace of its own on a terminal.
        let environment: [UnsafeMutablePointer<CChar>?] = unsafe [
            strdup("SWIFT_BACKTRACE=enable=no"), strdup("LC_ALL=C.UTF-8"), nil,
        ]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let code = unsafe posix_spawn(
            &pid,
            command.first ?? "",
            &actions,
            &attributes,
            arguments,
            environment
        )
        return code == 0 ? .success(pid) : .failure(SpawnError(code: code))
    }
}
