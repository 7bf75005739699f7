/// Where a memcached listens.
package enum MemcachedServer: Hashable, Sendable, CustomStringConvertible {
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `host`, `host:port`, `[IPv6]:port` or an absolute path of a socket.
    ///
    /// - Throws: `MemcachedConfigurationError` where it is none of them.
    package init(_ text: String) throws(MemcachedConfigurationError) {
        if text.utf8.first == UInt8(ascii: "/") {
            guard text.utf8.count <= MemcachedLimits.socketPathSizeBytes else {
                throw .socketPathTooLong(text)
            }
            self = .unix(path: text)
            return
        }
        let split = Self.split(text)
        let isNamed = split.map { !$0.host.isEmpty && !$0.host.utf8.contains { $0 <= 0x20 } }
        guard let split, isNamed == true, split.host.utf8.count <= MemcachedLimits.hostSizeBytes
        else { throw .badServer(text) }
        guard let portText = split.port else {
            self = .tcp(host: split.host, port: Self.defaultPort)
            return
        }
        guard let port = UInt16(portText), port > 0 else { throw .badServer(text) }
        self = .tcp(host: split.host, port: port)
    }

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }

    private static let defaultPort: UInt16 = 11211

    private static func split(_ text: String) -> (host: String, port: String?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? (host, String(rest.dropFirst())) : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return switch parts.count {
        case 1: (text, nil)
        case 2: (String(parts[0]), String(parts[1]))
        default: nil
        }
    }
}
