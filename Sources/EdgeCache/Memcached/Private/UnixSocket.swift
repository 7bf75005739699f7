internal import Glibc

/// A connection to a server on this machine, for a question or two; blocks.
struct UnixSocket {
    private let descriptor: Int32

    /// Nothing where nobody listens.
    init?(connectingTo path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isShort = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            unsafe room.copyBytes(from: path.utf8)
            return true
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard isShort, descriptor >= 0 else { return nil }
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// The process that has called `listen`.
    var peer: Int32? {
        // struct ucred: pid, uid, gid; glibc shows it to those who define _GNU_SOURCE only.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        let code = unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size)
        return code == 0 && credentials.0 > 0 ? credentials.0 : nil
    }

    /// Whether it is a memcached, and not frozen.
    func answersVersion(within limit: Duration) -> Bool {
        let question = Array("version\r\n".utf8)
        guard
            unsafe send(descriptor, question, question.count, Int32(MSG_NOSIGNAL))
                == question.count
        else { return false }
        var readable = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&readable, 1, Int32(clamping: limit.wholeMilliseconds)) > 0 else {
            return false
        }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = unsafe recv(descriptor, &answer, answer.count, 0)
        return answer.prefix(max(0, count)).starts(with: "VERSION ".utf8)
    }
}

/// A point in time that a wait ends at.
struct Deadline {
    private let start = ContinuousClock.now
    private let limit: Duration

    init(_ limit: Duration) {
        self.limit = limit
    }

    var hasPassed: Bool { ContinuousClock.now - start > limit }
    var isHalfOver: Bool { ContinuousClock.now - start > limit / 2 }

    /// Lets a little time go by.
    func pause() {
        _ = poll(nil, 0, 2)
    }
}

/// Keeps two edges from starting or ending the server of one folder at the same time.
struct FolderLock {
    private let descriptor: Int32

    /// Makes the folder, for this user alone, where it is missing.
    init(_ folder: String, limit: Duration) throws(PrivateMemcachedError) {
        if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw .cannotUseFolder(folder, errno: errno)
        }
        descriptor = unsafe open("\(folder)/memcached.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotUseFolder(folder, errno: errno) }
        let deadline = Deadline(limit)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard !deadline.hasPassed else {
                close(descriptor)
                throw .busy(folder)
            }
            deadline.pause()
        }
    }

    func release() {
        close(descriptor)
    }
}
