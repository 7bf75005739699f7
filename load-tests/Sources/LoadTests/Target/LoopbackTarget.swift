/// Why an address is refused before a byte is sent to it.
package enum TargetError: Error, Equatable {
    case malformed(String)
    /// Load goes to this machine only.
    case notLoopback(String)
}

extension TargetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let text):
            "'\(text)' is not an address like http://127.0.0.1:8000"
        case .notLoopback(let host):
            "no traffic is sent to '\(host)': load goes to 127.0.0.0/8, [::1] or localhost only"
        }
    }
}

/// A server on this machine.
///
/// Names are never looked up: what is not written as a loopback address is refused, so that a
/// slip of the keyboard cannot turn a crowd against somebody else's server.
package struct LoopbackTarget: Sendable, Hashable {
    /// As in the `Host` field: host, colon, port.
    package let authority: String
    /// The IP address in figures.
    package let address: String
    package let port: Int
    package let isSecure: Bool
    /// The part of the path that stands before every address; empty or `/…` without a slash at
    /// its end.
    package let prefix: String

    package init(_ text: String) throws(TargetError) {
        let rest: Substring
        if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else {
            throw .malformed(text)
        }
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        var prefix = rest[authorityEnd...]
        while prefix.last == "/" { prefix.removeLast() }
        self.prefix = String(prefix)

        let host: Substring
        let portText: Substring?
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { throw .malformed(text) }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let tail = authority[authority.index(after: close)...]
            guard tail.isEmpty || tail.first == ":" else { throw .malformed(text) }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        } else {
            host = authority
            portText = nil
        }
        guard !host.isEmpty else { throw .malformed(text) }
        guard let address = Self.loopbackAddress(host) else { throw .notLoopback(String(host)) }
        self.address = address
        if let portText {
            guard let port = Int(portText), (1...65535).contains(port) else {
                throw .malformed(text)
            }
            self.port = port
        } else {
            port = isSecure ? 443 : 80
        }
        self.authority = String(authority)
    }

    /// The address in figures where the host means this machine, else nil.
    private static func loopbackAddress(_ host: Substring) -> String? {
        if host == "localhost" { return "127.0.0.1" }
        if host == "::1" { return "::1" }
        let figures = host.split(separator: ".", omittingEmptySubsequences: false)
        guard figures.count == 4, figures[0] == "127" else { return nil }
        for figure in figures {
            guard figure.utf8.allSatisfy({ (48...57).contains($0) }), UInt8(figure) != nil else {
                return nil
            }
        }
        return String(host)
    }
}
