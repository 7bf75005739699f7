import Glibc
import TestSupport

/// A connection that says what a test wants, byte by byte.
///
/// Unsafe at its socket. Blocks, on a server beside it that answers at once.
final class RawSocket {
    private let descriptor: Int32

    /// - Parameters:
    ///   - port: of 127.0.0.1.
    ///   - source: the last number of the address in 127.0.0.0/24 to come from.
    ///   - receiveBytes: of the kernel's buffer for what comes; nil for the usual one.
    /// - Throws: where it cannot connect.
    init(port: Int, from source: UInt8 = 1, receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBytes {
            let length = socklen_t(MemoryLayout<Int32>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
        }
        var code = unsafe Self.named(port: 0, host: source) { address in
            unsafe bind(descriptor, address, 16)
        }
        if code == 0 {
            code = unsafe Self.named(port: port, host: 1) { address in
                unsafe connect(descriptor, address, 16)
            }
        }
        guard code == 0 else { throw Tool.Failed(description: "cannot connect: errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// sockaddr_in of 127.0.0.host, byte by byte.
    private static func named(
        port: Int,
        host: UInt8,
        _ body: (UnsafePointer<sockaddr>) -> Int32
    ) -> Int32 {
        var address = [UInt8](repeating: 0, count: 16)
        address[0] = UInt8(AF_INET)
        address.replaceSubrange(
            2..<8,
            with: [UInt8(port >> 8), UInt8(port & 0xFF), 127, 0, 0, host]
        )
        return unsafe address.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { address in
                unsafe address.baseAddress.map { unsafe body($0) } ?? -1
            }
        }
    }

    /// Writes all of it, or nothing more where the server has gone.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What comes until it is enough; nil where the server closes or is silent for ten seconds.
    func read(until isEnough: ([UInt8]) -> Bool) -> [UInt8]? {
        var received: [UInt8] = []
        while !isEnough(received) {
            guard isReadable(milliseconds: 10_000) else { return nil }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            received += bytes[..<count]
        }
        return received
    }

    /// Whether the server has closed it; does not wait, and drops what has come.
    var isClosed: Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EINTR }
        }
    }

    private func isReadable(milliseconds: Int32) -> Bool {
        var polls = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&polls, 1, milliseconds) > 0
    }
}
