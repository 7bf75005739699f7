import Platform
import Testing

/// Which of the addresses in `X-Forwarded-For` is the client's.
struct ForwardedAddressTests {
    private static let trusted = ["10.0.0.0/8", "2001:db8::/32"]

    private func client(_ peer: String, _ forwardedFor: String?) throws -> IPAddress {
        ForwardedAddress.client(
            peer: try #require(IPAddress(peer)),
            forwardedFor: forwardedFor,
            trusted: try Self.trusted.map { try #require(NetworkBlock($0)) }
        )
    }

    @Test(arguments: [
        ("203.0.113.1", nil, "203.0.113.1"),
        // Who is not trusted may say what it likes.
        ("203.0.113.1", "192.0.2.1", "203.0.113.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", nil, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        // What the client put in front is not believed.
        ("10.0.0.1", "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1,, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", " 192.0.2.1:1234 ", "192.0.2.1"),
        ("2001:db8::1", "[2001:db9::7]:80", "2001:db9::7"),
        ("2001:db8::1", "2001:db9::7", "2001:db9::7"),
        ("2001:db8::1", "[2001:db9::7", "2001:db8::1"),
    ])
    func theLastOneThatNoTrustedProxyHas(
        peer: String,
        forwardedFor: String?,
        expected: String
    ) throws {
        #expect(try client(peer, forwardedFor) == IPAddress(expected))
    }

    @Test func aListHasALimit() throws {
        let list = "192.0.2.1, " + Array(repeating: "10.0.0.2", count: 40).joined(separator: ", ")
        #expect(try client("10.0.0.1", list) == IPAddress("10.0.0.2"))
    }
}
