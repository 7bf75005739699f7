internal import Glibc

/// A memcached of this edge alone, on a socket in its folder; it outlives the edge.
///
/// Which process it is, the socket tells (`SO_PEERCRED`), and whether it is the one that the
/// configuration asks for, its arguments in `/proc`: no file can be left behind that lies. One that
/// was started with other arguments, such as another size, is ended and replaced, and starts cold.
///
/// Everything here blocks, for at most twice the configured limit: not for event loops.
package struct PrivateMemcached: Sendable {
    package enum Start: Hashable, Sendable {
        /// It was running, and has what an edge before this one has stored.
        case found(pid: Int32)
        case started(pid: Int32)
        /// One was ended that hung, or had other arguments.
        case replaced(pid: Int32)
    }

    private let configuration: PrivateMemcachedConfiguration
    private let arguments: [String]

    /// - Throws: what is wrong with the configuration.
    package init(configuration: PrivateMemcachedConfiguration) throws(PrivateMemcachedError) {
        try configuration.validate()
        self.configuration = configuration
        arguments = configuration.arguments(user: Self.user())
    }

    package var server: MemcachedServer { .unix(path: configuration.socketPath) }

    /// Finds the server or starts one; returns when it answers.
    package func start() throws(PrivateMemcachedError) -> Start {
        let lock = try FolderLock(configuration.folder, limit: configuration.limit)
        defer { lock.release() }
        var isReplacement = false
        if let socket = connectToTheLiving() {
            defer { socket.close() }
            let process = try ours(socket)
            // The program may be another path's by now: its name is not compared.
            if process.arguments.dropFirst().elementsEqual(arguments),
                socket.answersVersion(within: configuration.limit)
            {
                return .found(pid: process.pid)
            }
            try end(process)
            isReplacement = true
        }
        try DetachedProcess.start(configuration.program, arguments)
        let deadline = Deadline(configuration.limit)
        while !deadline.hasPassed {
            if let socket = UnixSocket(connectingTo: configuration.socketPath) {
                defer { socket.close() }
                if socket.answersVersion(within: configuration.limit) {
                    let pid = try ours(socket).pid
                    return isReplacement ? .replaced(pid: pid) : .started(pid: pid)
                }
            }
            deadline.pause()
        }
        throw .doesNotAnswer(arguments: arguments)
    }

    /// The socket's other end, if it lives: one that was just killed has its socket for a moment yet.
    private func connectToTheLiving() -> UnixSocket? {
        let deadline = Deadline(configuration.limit)
        while let socket = UnixSocket(connectingTo: configuration.socketPath) {
            let process = socket.peer.flatMap(RunningProcess.init(pid:))
            if process?.arguments.isEmpty == false || deadline.hasPassed { return socket }
            socket.close()
            deadline.pause()
        }
        return nil
    }

    /// Ends the server and all that it has; its flash file stays.
    ///
    /// - Returns: false where none was running.
    package func stopForGood() throws(PrivateMemcachedError) -> Bool {
        let lock = try FolderLock(configuration.folder, limit: configuration.limit)
        defer { lock.release() }
        defer { unsafe unlink(configuration.socketPath) }
        guard let socket = UnixSocket(connectingTo: configuration.socketPath) else { return false }
        defer { socket.close() }
        try end(try ours(socket))
        return true
    }

    /// The process behind the socket, where it is a memcached on this very socket.
    private func ours(_ socket: UnixSocket) throws(PrivateMemcachedError) -> RunningProcess {
        guard let process = socket.peer.flatMap(RunningProcess.init(pid:)),
            let option = process.arguments.firstIndex(of: "-s"),
            process.arguments.dropFirst(option + 1).first == configuration.socketPath
        else { throw .socketInUse(configuration.socketPath, pid: socket.peer ?? 0) }
        return process
    }

    private func end(_ process: RunningProcess) throws(PrivateMemcachedError) {
        let deadline = Deadline(configuration.limit)
        process.signal(SIGTERM)
        // One that is stopped would get the signal when it goes on.
        process.signal(SIGCONT)
        while process.isRunning {
            if deadline.isHalfOver { process.signal(SIGKILL) }
            guard !deadline.hasPassed else { throw .doesNotEnd(pid: process.pid) }
            deadline.pause()
        }
    }

    /// Whom to run as, which memcached asks of root only: this user, as the socket is in its folder.
    ///
    /// The system's unit runs the edge as a user of its own.
    private static func user() -> String? { geteuid() == 0 ? "root" : nil }
}
