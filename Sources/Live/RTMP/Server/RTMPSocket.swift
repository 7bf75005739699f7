// Unsafe: the socket calls of the C library.

internal import Glibc
internal import Platform

/// A socket that connections come in by.
struct RTMPListener {
    let descriptor: Int32
    /// With the port that it got.
    let address: ListenAddress
    let isSecure: Bool

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - wanted: a host name or an address, and a port or 0.
    ///   - option: the configuration's name for it, told in errors.
    ///   - isSecure: whether TLS is spoken there.
    /// - Throws: `.unknownHost`, `.cannotListen`.
    init(_ wanted: ListenAddress, option: String, isSecure: Bool) throws(RTMPServerError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(wanted.host, String(wanted.port), &hints, &found) == 0,
            let first = unsafe found
        else { throw .unknownHost(option: option, wanted) }
        defer { unsafe freeaddrinfo(first) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = unsafe socket(first.pointee.ai_family, kind, 0)
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &on,
            socklen_t(MemoryLayout<Int32>.size)
        )
        guard descriptor >= 0,
            unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            listen(descriptor, RTMPLimits.backlog) == 0
        else {
            let code = errno
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw .cannotListen(option: option, wanted, errno: code)
        }
        self.descriptor = descriptor
        self.isSecure = isSecure
        address = ListenAddress(host: wanted.host, port: Self.port(of: descriptor) ?? wanted.port)
    }

    /// The next connection; nil where none waits.
    func accept() -> Result<RTMPSocket, RTMPSocket.Failed> {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Glibc.accept(descriptor, address, &size)
            }
        }
        guard accepted >= 0 else { return .failure(RTMPSocket.Failed(errno: errno)) }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return .success(RTMPSocket(descriptor: accepted, peer: Self.peer(storage)))
    }

    func close() {
        Glibc.close(descriptor)
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size)
            }
        }
        guard code == 0 else { return nil }
        // The port stands at the same place in both families.
        return unsafe withUnsafeBytes(of: storage) { Int(unsafe $0[2]) << 8 | Int(unsafe $0[3]) }
    }

    private static func peer(_ storage: sockaddr_storage) -> IPAddress {
        unsafe withUnsafeBytes(of: storage) { bytes in
            func integer(_ range: Range<Int>) -> UInt64 {
                unsafe bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
            }
            guard Int32(storage.ss_family) == AF_INET6 else {
                return IPAddress(ipv4: UInt32(integer(4..<8)))
            }
            return IPAddress(high: integer(8..<16), low: integer(16..<24))
        }
    }
}

/// A connection that has just come in.
struct RTMPSocket {
    let descriptor: Int32
    let peer: IPAddress

    struct Failed: Error {
        var errno: Int32
    }

    /// Sends at once what is written: commands are answered one by one.
    func setNoDelay() {
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
    }

    /// A second number for the same connection.
    func duplicate() -> Int32? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }

    func close() {
        Glibc.close(descriptor)
    }
}

/// Wakes a thread that waits in `poll`.
final class RTMPWake: Sendable {
    let readable: Int32
    private let writable: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readable, writable) = (ends[0], ends[1])
    }

    deinit {
        close(readable)
        close(writable)
    }

    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writable, &byte, 1)
    }

    /// Forgets that it was woken.
    func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe read(readable, &bytes, bytes.count) > 0 {}
    }
}
