import Platform

/// What a token says, as it is written in its bytes.
///
/// ```
/// byte  0     format 1 in the upper half; below it: 1 IPv4 network, 2 IPv6 network, 4 viewer
///       1     key id
///       2-5   expiry, Unix seconds, big endian
///       6     segments of the path prefix
///       7     first byte of SHA-256 of the prefix
///      (8     bits of the client network
///       9)    first byte of SHA-256 of the network's 4 or 16 bytes
///      (n     length of the viewer's id, then the id)
///      16 bytes of HMAC-SHA-256 over: all before, network, prefix
/// ```
///
/// Prefix and network are signed but not stored: a request brings both along, and the token stands in
/// each of them. Their check bytes prove nothing; they tell a foreign token from a forged one in the
/// log, and spare the code's computation. `docs/decisions/0009-signed-addresses.md`
struct AccessToken: Hashable, Sendable {
    enum Network: Hashable, Sendable {
        case ipv4(prefixLength: Int)
        case ipv6(prefixLength: Int)

        /// The network of a client's address; nil where the address is of the other family.
        func block(of client: IPAddress) -> NetworkBlock? {
            switch self {
            case .ipv4(let length) where client.isIPv4,
                .ipv6(let length) where !client.isIPv4:
                NetworkBlock(base: client, prefixLength: length)
            default: nil
            }
        }
    }

    var keyID: UInt8
    /// Unix seconds, up to the year 2106.
    var expiresAt: UInt32
    var prefixSegments: UInt8
    var prefixCheck: UInt8
    var network: Network?
    var networkCheck: UInt8 = 0
    var viewer: String?

    static let format: UInt8 = 0x10

    enum Flag {
        static let ipv4: UInt8 = 1
        static let ipv6: UInt8 = 2
        static let viewer: UInt8 = 4
        static let all = ipv4 | ipv6 | viewer
    }

    /// A viewer's id goes into logs and metrics, so it is of letters, digits, `.`, `_` and `-`.
    static func isViewer(_ text: some Collection<UInt8>) -> Bool {
        (1...AccessLimits.viewerLength).contains(text.count)
            && text.allSatisfy { byte in
                byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }
}
