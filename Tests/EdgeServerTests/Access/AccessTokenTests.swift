import Cryptography
import EdgeServer
import Platform
import TestSupport
import Testing

struct AccessTokenTests {
    private static func verifier(
        _ keys: AccessKey...,
        skew: Int64 = 0
    ) throws -> AccessTokenVerifier {
        let keys = keys.isEmpty ? [try Access.key()] : keys
        return AccessTokenVerifier(
            keys: try AccessKeys(keys),
            clockSkewSeconds: skew,
            rememberedTokens: 256
        )
    }

    /// The failure of a token, nil where it is good: the same when it comes a second time.
    private static func failure(
        _ token: String,
        _ path: String = Access.path,
        from client: String = "192.0.2.1",
        at now: Int64 = Access.now,
        by verifier: AccessTokenVerifier? = nil
    ) throws -> AccessTokenError? {
        let verifier = try verifier ?? self.verifier()
        let client = try Access.address(client)
        func once() -> AccessTokenError? {
            do throws(AccessTokenError) {
                _ = try verifier.verify(token, path: path, client: client, now: now)
                return nil
            } catch {
                return error
            }
        }
        let first = once()
        #expect(once() == first)
        return first
    }

    @Test func aTokenOpensWhatIsBelowItsPrefix() throws {
        let token = try Access.token()
        #expect(token.utf8.count == 32)
        #expect(try Self.failure(token) == nil)
        #expect(try Self.failure(token, "/videos/abc/1080p.mp4") == nil)
        #expect(try Self.failure(try Access.token("/"), "/anything") == nil)
        #expect(try Self.failure(try Access.token("/videos/")) == nil)
    }

    @Test func saysWhoItsViewerIs() throws {
        let verifier = try Self.verifier()
        let token = try Access.token(viewer: "viewer-7")
        let client = try Access.address("192.0.2.1")
        for _ in 0..<2 {
            let verified = try verifier.verify(
                token,
                path: Access.path,
                client: client,
                now: Access.now
            )
            #expect(verified.viewer == "viewer-7")
            #expect(verified.expiresAt == Access.now + 3600)
        }
        #expect(verifier.rememberedCount == 1)
    }

    @Test(arguments: [
        "", "x", "AAAA", String(repeating: "A", count: 32), String(repeating: "A", count: 80),
        "EAEAAAAAAgAAAAAAAAAAAAAAAAAAAAA=", "EAEAAAAA%41gAAAAAAAAAAAAAAAAAAAAA",
        "\u{0}EAEAAAAAAgAAAAAAAAAAAAAAAAAAAAAA", "EP8AAAAAEAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func whatNoSignerMakesIsMalformed(token: String) throws {
        #expect(try Self.failure(token) == .malformed)
    }

    @Test func everyFlippedBitIsRefused() throws {
        let token = try Access.token(network: "192.0.2.0/24", viewer: "v")
        let bytes = try #require(Base64URL.decode(token))
        let verifier = try Self.verifier()
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let failure = try Self.failure(Base64URL.encode(flipped), by: verifier)
            #expect(failure != nil, "bit \(bit)")
            // The code's own bits.
            if bit / 8 >= bytes.count - 16 { #expect(failure == .badSignature) }
        }
        #expect(verifier.rememberedCount == 0)
        #expect(try Self.failure(token, by: verifier) == nil)
    }

    @Test func aKeyThatIsNotKnownIsNamed() throws {
        let token = try Access.token(key: try Access.key(9))
        #expect(try Self.failure(token) == .unknownKey)
    }

    @Test func anotherSecretIsABadSignature() throws {
        let other = try Access.key(1, secret: Array("another secret..".utf8))
        #expect(try Self.failure(try Access.token(key: other)) == .badSignature)
    }

    @Test func expiryIsTheLastGoodSecond() throws {
        let token = try Access.token(expiresAt: Access.now)
        #expect(try Self.failure(token, at: Access.now) == nil)
        #expect(try Self.failure(token, at: Access.now + 1) == .expired)
        let verifier = try Self.verifier()
        #expect(try Self.failure(token, at: Access.now, by: verifier) == nil)
        #expect(try Self.failure(token, at: Access.now + 1, by: verifier) == .expired)
    }

    @Test func clocksMayDifferByTheSkew() throws {
        let verifier = try Self.verifier(skew: 30)
        let token = try Access.token(expiresAt: Access.now)
        #expect(try Self.failure(token, at: Access.now + 30, by: verifier) == nil)
        #expect(try Self.failure(token, at: Access.now + 31, by: verifier) == .expired)
        // A clock that was set back makes no good token bad.
        #expect(try Self.failure(token, at: 0, by: verifier) == nil)
    }

    @Test func keysRotate() throws {
        let old = try Access.key(1, notAfter: Access.now + 600)
        let new = try Access.key(2, secret: Array("the next secret..".utf8))
        let verifier = try Self.verifier(old, new)
        let oldToken = try Access.token(key: old)
        let newToken = try Access.token(key: new)
        #expect(try Self.failure(oldToken, at: Access.now + 600, by: verifier) == nil)
        #expect(try Self.failure(newToken, at: Access.now + 600, by: verifier) == nil)
        #expect(try Self.failure(oldToken, at: Access.now + 601, by: verifier) == .unknownKey)
        #expect(try Self.failure(newToken, at: Access.now + 601, by: verifier) == nil)
    }

    @Test(arguments: [
        "/videos/abd/hls/master.m3u8", "/videos/abc", "/videos/abcd/x", "/live/abc/x", "/",
        "/videos/%61bc/hls/master.m3u8", "//videos/abc/x", "",
    ])
    func anotherPathIsForeign(path: String) throws {
        let token = try Access.token()
        #expect(try Self.failure(token, path) == .foreignPath)
        // And when the token is known.
        let verifier = try Self.verifier()
        #expect(try Self.failure(token, by: verifier) == nil)
        #expect(try Self.failure(token, path, by: verifier) == .foreignPath)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.200", "192.0.3.1"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.0/24", "::ffff:192.0.2.9", "2001:db8::1"),
        ("2001:db8:1::/48", "2001:db8:1:ffff::9", "2001:db8:2::1"),
        ("2001:db8:1::/48", "2001:db8:1::", "192.0.2.1"),
    ])
    func aNetworkBindsTheClient(network: String, inside: String, outside: String) throws {
        let token = try Access.token(network: network)
        #expect(try Self.failure(token, from: inside) == nil)
        #expect(try Self.failure(token, from: outside) == .foreignClient)
        let verifier = try Self.verifier()
        #expect(try Self.failure(token, from: inside, by: verifier) == nil)
        #expect(try Self.failure(token, from: outside, by: verifier) == .foreignClient)
    }

    @Test func forgedTokensPutNothingOut() throws {
        let verifier = try Self.verifier()
        let good = try Access.token()
        #expect(try Self.failure(good, by: verifier) == nil)
        let forger = try Access.key(1, secret: Array("a forger's secret".utf8))
        let client = try Access.address("192.0.2.1")
        for number in 0..<5000 {
            let forged = try Access.token(expiresAt: Access.now + Int64(number), key: forger)
            #expect(throws: AccessTokenError.badSignature) {
                try verifier.verify(forged, path: Access.path, client: client, now: Access.now)
            }
        }
        #expect(verifier.rememberedCount == 1)
    }

    @Test func rememberedTokensAreBounded() throws {
        let verifier = try Self.verifier()
        #expect(verifier.rememberedCapacity == 256)
        for number in 0..<2000 {
            let token = try Access.token(expiresAt: Access.now + Int64(number))
            #expect(try Self.failure(token, by: verifier) == nil)
        }
        #expect((200...256).contains(verifier.rememberedCount))
    }

    @Test func refusesWhatCannotBeSigned() throws {
        let signer = AccessTokenSigner(key: try Access.key())
        for prefix in [
            "", "videos/", "/videos", "//", "/videos//", "/videos/../", "/./", "/a%20b/", "/a?b/",
            "/a\\b/", "/\u{E9}/", String(repeating: "/a", count: 16) + "/",
        ] {
            #expect(throws: AccessTokenSigner.Failure.badPrefix, "\(prefix)") {
                try signer.sign(prefix: prefix, expiresAt: Access.now)
            }
        }
        for expiry in [-1, Int64(UInt32.max) + 1] {
            #expect(throws: AccessTokenSigner.Failure.badExpiry) {
                try signer.sign(prefix: "/", expiresAt: expiry)
            }
        }
        let everyone = try #require(NetworkBlock("0.0.0.0/0"))
        #expect(throws: AccessTokenSigner.Failure.badNetwork) {
            try signer.sign(prefix: "/", expiresAt: 0, network: everyone)
        }
        for viewer in ["", "a b", "\u{E9}", String(repeating: "a", count: 33)] {
            #expect(throws: AccessTokenSigner.Failure.badViewer) {
                try signer.sign(prefix: "/", expiresAt: 0, viewer: viewer)
            }
        }
    }

    @Test func refusesKeysThatAreNone() throws {
        #expect(throws: AccessKeyError.secretTooShort(id: 3, sizeBytes: 15)) {
            try AccessKey(id: 3, secret: [UInt8](repeating: 1, count: 15))
        }
        let key = try Access.key(4)
        #expect(throws: AccessKeyError.repeatedID(4)) { try AccessKeys([key, key]) }
    }

    @Test func theLongestTokenIsRead() throws {
        let viewer = String(repeating: "v", count: 32)
        let token = try Access.token(network: "192.0.2.0/24", viewer: viewer)
        #expect(token.utf8.count == 79)
        #expect(try Self.failure(token) == nil)
        let ipv6 = try Access.token(network: "2001:db8::1", viewer: viewer)
        #expect(try Self.failure(ipv6, from: "2001:db8::1") == nil)
    }

    /// Random bytes, and good tokens with some of theirs changed.
    @Test(arguments: 0..<4)
    func noBytesOpenAnything(worker: Int) throws {
        var random = SplitMix(state: UInt64(worker) &* 104_729 &+ 3)
        let verifier = try Self.verifier()
        let good = try #require(
            Base64URL.decode(try Access.token(network: "192.0.2.0/24", viewer: "someone"))
        )
        let client = try Access.address("192.0.2.1")
        for round in 0..<3000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] ^= UInt8.random(in: 1...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: bytes.remove(at: index)
                }
            }
            guard bytes != good else { continue }
            #expect(throws: AccessTokenError.self, "worker \(worker), round \(round)") {
                try verifier.verify(
                    Base64URL.encode(bytes),
                    path: Access.path,
                    client: client,
                    now: Access.now
                )
            }
        }
    }
}
