/// Where an origin listens: `http://host:port`, `https://host:port` or `unix:/path`.
package struct OriginURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https
        case unix
    }

    package let scheme: Scheme
    /// A name or an address without brackets; a path where the scheme is `unix`.
    package let host: String
    /// 0 where the scheme is `unix`.
    package let port: Int

    /// Reads an address; nothing where it is none, or has a user, a path or a query.
    package init?(text: String) {
        if text.hasPrefix("unix:/") {
            let path = String(text.dropFirst("unix:".count))
            // `sun_path` holds 108 bytes, the last one zero.
            guard path.utf8.count < 108, path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
            else { return nil }
            self.init(scheme: .unix, host: path, port: 0)
            return
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let scheme = Scheme(rawValue: parts[0].lowercased()),
            scheme != .unix
        else { return nil }
        let authority = parts[1].hasSuffix("/") ? parts[1].dropLast() : parts[1]
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        self.init(scheme: scheme, host: host, port: port ?? Self.defaultPort(scheme))
    }

    private init(scheme: Scheme, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// What `Host` says.
    package var authority: String {
        guard scheme != .unix else { return "localhost" }
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.defaultPort(scheme) ? name : "\(name):\(port)"
    }

    package var description: String {
        scheme == .unix ? "unix:\(host)" : "\(scheme.rawValue)://\(authority)"
    }

    private static func defaultPort(_ scheme: Scheme) -> Int { scheme == .https ? 443 : 80 }

    private static func hostAndPort(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var port: Int?
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let number = HTTPOctets.decimal(String(text[text.index(after: colon)...])),
                (1...65535).contains(number)
            else { return nil }
            port = Int(number)
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.utf8.allSatisfy(isAddressByte) else { return nil }
        } else {
            guard host.utf8.allSatisfy(isNameByte) else { return nil }
        }
        return host.isEmpty ? nil : (String(host), port)
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        HTTPOctets.hexadecimalValue(byte) != nil || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
