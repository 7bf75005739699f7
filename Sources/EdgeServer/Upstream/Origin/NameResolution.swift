// The one place where names are looked up: getaddrinfo and its linked list, so unsafe.

import Glibc
package import NIOCore

/// Looks names up as the system does.
package enum NameResolution {
    /// A look-up that blocks; throws where there is no address.
    package typealias Resolve = @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress]

    package struct Failed: Error, Hashable {
        /// The reason by `getaddrinfo`'s numbers; 0 where it found nothing.
        package var code: Int32

        package init(code: Int32) {
            self.code = code
        }
    }

    /// The addresses of a host, IPv6 and IPv4, in the order the system prefers; blocks.
    @Sendable package static func resolve(host: String, port: Int) throws -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else { throw Failed(code: code) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = entry.pointee.ai_next
            guard let address = unsafe entry.pointee.ai_addr else { continue }
            switch unsafe entry.pointee.ai_family {
            case AF_INET:
                let found = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    unsafe $0.pointee
                }
                addresses.append(SocketAddress(found, host: host))
            case AF_INET6:
                let found = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    unsafe $0.pointee
                }
                addresses.append(SocketAddress(found, host: host))
            default: break
            }
        }
        return addresses
    }
}
