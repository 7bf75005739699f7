// Unsafe: one blocking request through libc's sockets, for a command that waits for nothing else.

internal import Glibc
package import Platform

/// Asks a running edge's operator listener.
package enum AdminClient {
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case unreachable(ListenAddress, errno: Int32)
        case refused(String)

        package var description: String {
            switch self {
            case .unreachable(let address, let number):
                "no edge answers at \(address): \(SystemError.text(number)); is it running, and "
                    + "is admin.listen the same as its own?"
            case .refused(let answer): "the edge refused: \(answer)"
            }
        }
    }

    /// - Returns: the edge's answer, a line of JSON.
    package static func purge(
        _ what: String,
        at address: ListenAddress
    ) throws(Failure) -> String {
        let socket = try connect(to: address)
        defer { close(socket) }
        let request =
            "POST /purge?\(PercentEncoding.encoded(what)) HTTP/1.1\r\nHost: \(address)\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n"
        let answer = try exchange(Array(request.utf8), over: socket, address)
        guard let gap = answer.firstRange(of: "\r\n\r\n") else {
            throw .unreachable(address, errno: EPROTO)
        }
        let body = String(answer[gap.upperBound...])
        guard answer.hasPrefix("HTTP/1.1 200 ") else { throw .refused(body) }
        return body
    }

    private static func connect(to address: ListenAddress) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address.host, "\(address.port)", &hints, &found) == 0,
            let first = unsafe found?.pointee
        else { throw .unreachable(address, errno: EADDRNOTAVAIL) }
        defer { unsafe freeaddrinfo(found) }
        let descriptor = unsafe socket(first.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .unreachable(address, errno: errno) }
        var limit = timeval(tv_sec: Self.limitSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard unsafe Glibc.connect(descriptor, first.ai_addr, first.ai_addrlen) == 0 else {
            let number = errno
            close(descriptor)
            throw .unreachable(address, errno: number)
        }
        return descriptor
    }

    private static func exchange(
        _ request: [UInt8],
        over socket: Int32,
        _ address: ListenAddress
    ) throws(Failure) -> String {
        guard
            unsafe send(socket, request, request.count, Int32(MSG_NOSIGNAL))
                == request.count
        else { throw .unreachable(address, errno: errno) }
        var answer: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while answer.count < Self.answerLimitBytes {
            let count = unsafe recv(socket, &block, block.count, 0)
            if count == 0 { break }
            guard count > 0 else { throw .unreachable(address, errno: errno) }
            answer += block[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private static let limitSeconds = 10
    private static let answerLimitBytes = 64 * 1024
}
