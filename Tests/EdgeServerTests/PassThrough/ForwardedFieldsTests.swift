import EdgeServer
import Platform
import Testing

/// A request's fields on their way to the origin, RFC 9110 §7.6.
struct ForwardedFieldsTests {
    private func make(
        _ fields: [(String, String)],
        peer: String = "192.0.2.1:5000",
        isSecure: Bool = false,
        host: String? = "video.example",
        upgrade: String? = nil,
        _ change: (inout PassThroughConfiguration) -> Void = { _ in }
    ) throws -> [String] {
        var configuration = PassThroughConfiguration()
        configuration.trustedNetworks = [try #require(NetworkBlock("10.0.0.0/8"))]
        change(&configuration)
        return ForwardedFields(
            client: .init(peerAddress: peer, isSecure: isSecure, host: host),
            configuration: configuration
        )
        .make(from: fields, upgrade: upgrade, requestID: "id")
        .map { "\($0.0): \($0.1)" }
    }

    private static let own = [
        "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: http",
        "X-Forwarded-Host: video.example", "Via: 1.1 millrace-edge", "X-Request-Id: id",
    ]

    @Test func endToEndFieldsPassInOrderAndAsTheyAre() throws {
        let fields = [
            ("Accept", "a"), ("cookie", "b=c"), ("Cookie", "d=e"), ("Via", "1.0 other"),
            ("Authorization", "Bearer x"), ("Origin", "https://y"),
        ]
        #expect(
            try make(fields) == [
                "Accept: a", "cookie: b=c", "Cookie: d=e", "Via: 1.0 other",
                "Authorization: Bearer x", "Origin: https://y",
            ] + Self.own
        )
    }

    @Test func fieldsOfTheConnectionStay() throws {
        let fields = [
            ("Host", "video.example"), ("connection", "keep-alive, X-Mine , close"),
            ("x-mine", "1"), ("Keep-Alive", "timeout=5"), ("TE", "trailers"),
            ("Trailer", "X-Sum"), ("Transfer-Encoding", "chunked"), ("Content-Length", "5"),
            ("Upgrade", "h2c"), ("HTTP2-Settings", "AA"), ("Proxy-Connection", "close"),
            ("Proxy-Authorization", "Basic x"), ("Expect", "100-continue"),
            ("X-Request-Id", "not sane"),
        ]
        #expect(try make(fields) == Self.own)
    }

    @Test func aClientCannotSayWhoItIs() throws {
        let fields = [
            ("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil"), ("X-Forwarded-Port", "1"),
            ("Forwarded", "for=198.51.100.1"), ("X-Real-IP", "198.51.100.1"),
        ]
        #expect(try make(fields) == Self.own)
    }

    @Test func aTrustedProxyIsBelieved() throws {
        let fields = [
            ("X-Forwarded-For", "198.51.100.1"), ("x-forwarded-for", "198.51.100.2"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "front.example"),
            ("X-Forwarded-Port", "443"),
        ]
        #expect(
            try make(fields, peer: "10.1.2.3:5000") == [
                "X-Forwarded-Port: 443", "X-Forwarded-For: 198.51.100.1, 198.51.100.2, 10.1.2.3",
                "X-Forwarded-Proto: https", "X-Forwarded-Host: front.example",
                "Via: 1.1 millrace-edge", "X-Request-Id: id",
            ]
        )
    }

    @Test func connectionCannotRemoveWhatWeSay() throws {
        let fields = [("Connection", "X-Forwarded-For, Via, X-Request-Id, close")]
        #expect(try make(fields) == Self.own)
    }

    @Test func theConfigurationHasItsSay() throws {
        let made = try make(
            [("X-Edge-Secret", "guess")],
            peer: "[2001:db8::1]:80",
            isSecure: true,
            host: nil,
            upgrade: "websocket"
        ) {
            $0.pseudonym = nil
            $0.removedFields = ["x-edge-secret"]
        }
        #expect(
            made == [
                "X-Forwarded-For: 2001:db8::1", "X-Forwarded-Proto: https", "Upgrade: websocket",
                "X-Request-Id: id",
            ]
        )
    }
}
