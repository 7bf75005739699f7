import EdgeServer
import Platform
import Testing

/// Keys, addresses and times that access tests share.
enum Access {
    static let now: Int64 = 1_800_000_000
    static let secret = Array("a secret of tests".utf8)
    static let path = "/videos/abc/hls/master.m3u8"

    static func key(
        _ id: UInt8 = 1,
        secret: [UInt8] = secret,
        notAfter: Int64? = nil
    ) throws -> AccessKey {
        try AccessKey(id: id, secret: secret, notAfter: notAfter)
    }

    static func address(_ text: String) throws -> IPAddress {
        try #require(IPAddress(text))
    }

    static func token(
        _ prefix: String = "/videos/abc/",
        expiresAt: Int64 = now + 3600,
        network: String? = nil,
        viewer: String? = nil,
        key: AccessKey? = nil
    ) throws -> String {
        let block = try network.map { try #require(NetworkBlock($0)) }
        return try AccessTokenSigner(key: try key ?? self.key())
            .sign(prefix: prefix, expiresAt: expiresAt, network: block, viewer: viewer)
    }
}
