import EdgeServer
import Logging
import MediaHTTP
import NIOCore
import Platform
import Synchronization
import Testing

struct AccessGateTests {
    @Test func nothingConfiguredIsOpen() throws {
        let gate = try Access.gate()
        #expect(try gate.check(Access.path).path == Access.path)
        #expect(try gate.check(Access.path + "?token=x").path == Access.path)
        // Addresses that were signed before the keys were taken away still lead somewhere.
        #expect(try gate.check("/_t/anything" + Access.path).path == Access.path)
        #expect(try gate.check("/videos/../x").path == "/videos/../x")
    }

    @Test func keysCloseVideosAndLive() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        #expect(try gate.check(Access.path).refusal == .tokenMissing)
        #expect(try gate.check("/live/x/master.m3u8").refusal == .tokenMissing)
        // The page of a stream is no media.
        #expect(try gate.check("/live/x").refusal == nil)
        #expect(try gate.check("/api/v1/videos").path == "/api/v1/videos")
        #expect(try gate.check("/api/v1/confirm?token=mine").path == "/api/v1/confirm")
    }

    @Test func aTokenInThePathIsTakenOff() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let token = try Access.token(viewer: "viewer-7")
        let pass = try #require(try gate.check("/_t/\(token)\(Access.path)").pass)
        #expect(pass.path == Access.path)
        #expect(pass.viewer == "viewer-7")
        #expect(pass.tokenID != nil)
        let other = try Access.token(expiresAt: Access.now + 1)
        #expect(try gate.check("/_t/\(other)\(Access.path)").pass?.tokenID != pass.tokenID)
    }

    @Test func aBadTokenInThePathIsNotHiddenByAGoodCookie() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let cookie = ["cookie": "millrace_token=\(try Access.token())"]
        let foreign = try Access.token("/videos/other/")
        let decision = try gate.check("/_t/\(foreign)\(Access.path)", headers: cookie)
        #expect(decision.refusal == .token(.foreignPath))
    }

    @Test func aQueryTokenIsRedirectedToThePath() throws {
        let counters = AccessCounters()
        let gate = try Access.gate(keys: [try Access.key()], counters: counters)
        let token = try Access.token()
        let decision = try gate.check("\(Access.path)?a=1&token=\(token)&b=%20&token=x")
        #expect(decision.redirect == "/_t/\(token)\(Access.path)?a=1&b=%20")
        #expect(
            try gate.check("\(Access.path)?token=\(token)").redirect == "/_t/\(token)\(Access.path)"
        )
        #expect(counters.redirects.value == 2)
        let response = try #require(decision.response)
        #expect(response.status == 307)
        #expect(response.cacheControl == "no-store")
        #expect(response.extraHeaders.first?.0 == "Location")
    }

    @Test func aBadQueryTokenIsRefusedAtOnce() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        #expect(try gate.check("\(Access.path)?token=").refusal == .token(.malformed))
        #expect(try gate.check("\(Access.path)?atoken=x").refusal == .tokenMissing)
        let late = try Access.token(expiresAt: Access.now - 100)
        #expect(try gate.check("\(Access.path)?token=\(late)").refusal == .token(.expired))
        let escaped = try Access.token().replacing("E", with: "%45")
        #expect(try gate.check("\(Access.path)?token=\(escaped)").refusal == .token(.malformed))
    }

    @Test func anyOfSeveralCookiesWorks() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let good = try Access.token()
        let foreign = try Access.token("/videos/other/")
        for cookie in [
            "millrace_token=\(good)", "a=b; millrace_token=\(good); c",
            "=;;millrace_token=\"\(good)\" ",
            "millrace_token=\(foreign); millrace_token=\(good)", "a=b, millrace_token=\(good)",
        ] {
            #expect(try gate.check(Access.path, headers: ["cookie": cookie]).path == Access.path)
        }
        let bad = "millrace_token=\(foreign)"
        #expect(
            try gate.check(Access.path, headers: ["cookie": bad]).refusal == .token(.foreignPath)
        )
        let other = "xmillrace_token=\(good)"
        #expect(try gate.check(Access.path, headers: ["cookie": other]).refusal == .tokenMissing)
        // No more than four are tried.
        let many = String(repeating: "millrace_token=x; ", count: 4) + "millrace_token=\(good)"
        #expect(
            try gate.check(Access.path, headers: ["cookie": many]).refusal == .token(.malformed)
        )
    }

    @Test func optionalTokensAreCheckedWhereTheyAreInTheAddress() throws {
        var configuration = AccessConfiguration()
        configuration.isTokenOptional = true
        let gate = try Access.gate(configuration, keys: [try Access.key()])
        #expect(try gate.check(Access.path).path == Access.path)
        #expect(try gate.check("/_t/x\(Access.path)").refusal == .token(.malformed))
        #expect(try gate.check("\(Access.path)?token=x").refusal == .token(.malformed))
        let stale = ["cookie": "millrace_token=x"]
        #expect(try gate.check(Access.path, headers: stale).path == Access.path)
    }

    @Test(arguments: [
        "/_t/TOKEN/videos/abc/../other/x", "/_t/TOKEN/videos/abc/%2e%2E/other/x",
        "/_t/TOKEN/videos/abc/.%2e/other/x", "/_t/TOKEN/videos/abc/..", "/_t/TOKEN/videos/abc/./x",
        "/_t/TOKEN/videos/abc/..%2fother/x", "/_t/TOKEN/videos/abc/%5c../x",
        "/_t/TOKEN/videos/abc/\\x", "/_t/TOKEN/videos/abc/%00", "/_t/TOKEN/videos/abc/%0d%0a",
        "/_t/TOKEN/videos/abc/%", "/_t/TOKEN/videos/abc/%zz", "/_t/TOKEN/videos/abc/%4",
        "/_t/TOKEN", "/_t/", "/_t/x/../videos/abc/x", "/_t/TOKEN/_t/TOKEN/videos/abc/x", "",
        "videos/abc/x", "/videos/..", "/a/%2e%2e/videos/abc/x",
    ])
    func pathsThatReachElsewhereAreMalformed(path: String) throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let path = path.replacing("TOKEN", with: try Access.token())
        let decision = try gate.check(path)
        #expect(decision.refusal == .malformedPath)
        #expect(decision.response?.status == 400)
    }

    @Test(arguments: [
        "//videos/abc/x", "/%76ideos/abc/x", "/videos%2Fabc/x", "/%2Fvideos/abc/x", "///live//x",
        "/videos/abc/_t/TOKEN/x", "/x/_t/TOKEN/videos/abc/x", "/%5Ft/TOKEN/videos/abc/x",
    ])
    func otherSpellingsOpenNothing(path: String) throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let path = path.replacing("TOKEN", with: try Access.token())
        let decision = try gate.check(path)
        // Either a token is asked for, or the path is none that leads to media.
        if decision.refusal != .tokenMissing {
            #expect(decision.path == path)
            #expect(!path.hasPrefix("/videos/"))
            #expect(path.hasPrefix("/x/") || path.hasPrefix("/%5Ft/"))
        }
    }

    @Test func harmlessEscapesPass() throws {
        let gate = try Access.gate(keys: [try Access.key()])
        let path = "/videos/abc/caf%C3%A9...x/..a/b./"
        #expect(try gate.check("/_t/\(try Access.token())\(path)").path == path)
        #expect(try gate.check("/api/v1/search/a%2Fb//c").path == "/api/v1/search/a%2Fb//c")
    }

    @Test(arguments: [
        AccessRefusal.token(.expired), .token(.badSignature), .tokenMissing, .network, .country,
        .page,
    ])
    func refusalsTellClientsNothing(refusal: AccessRefusal) {
        let response = refusal.response
        #expect(response.status == 403)
        #expect(response.cacheControl == "no-store")
        #expect(response.extraHeaders.isEmpty)
        guard case .bytes(let bytes) = response.body else {
            Issue.record("a body that is not in memory")
            return
        }
        #expect(
            String(buffer: bytes)
                == #"{"error":{"code":"forbidden","message":"this address is not open to you"}}"#
                + "\n"
        )
    }

    @Test func refusalsAreCountedByReason() throws {
        let counters = AccessCounters()
        let gate = try Access.gate(keys: [try Access.key()], counters: counters)
        _ = try gate.check(Access.path)
        _ = try gate.check(Access.path)
        _ = try gate.check("/_t/x\(Access.path)")
        #expect(counters.refusals(.tokenMissing) == 2)
        #expect(counters.refusals(.tokenMalformed) == 1)
        #expect(counters.refusals(.network) == 0)
        counters.countRefusedConnection()
        #expect(counters.refusals(.clientConnections) == 1)
        var metrics = PrometheusText()
        counters.write(to: &metrics)
        #expect(
            metrics.text.contains(#"millrace_access_refusals_total{reason="token_missing"} 2"#)
        )
    }

    @Test func logsTheReasonSoManyTimesASecondAndNoToken() throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines }
        let gate = try Access.gate(keys: [try Access.key()], logger: logger)
        let token = try Access.token("/videos/other/")
        for _ in 0..<25 { _ = try gate.check("/_t/\(token)\(Access.path)", from: "2001:db8::7") }
        #expect(lines.all.count == 10)
        _ = try gate.check("/_t/\(token)\(Access.path)", at: Access.now + 1)
        #expect(lines.all.count == 11)
        #expect(lines.all.last?["suppressed_before"] == "15")
        #expect(lines.all.first?["reason"] == "token_foreign_path")
        #expect(lines.all.first?["client"] == "2001:db8::7")
        #expect(lines.all.first?["path"] == "\(Access.path)")
        #expect(lines.all.allSatisfy { !"\($0)".contains(token) })
    }

    @Test func refusesConfigurationsThatCannotWork() throws {
        var configuration = AccessConfiguration()
        configuration.deniedCountries = [try #require(CountryCode("de"))]
        #expect(throws: AccessConfigurationError.countriesWithoutDatabase) {
            try Access.gate(configuration)
        }
        configuration = AccessConfiguration()
        configuration.protectedPrefixes = ["/videos"]
        #expect(throws: AccessConfigurationError.badPrefix("/videos")) {
            try Access.gate(configuration)
        }
    }
}

/// Keeps what is logged.
final class LogLines: LogHandler {
    private let kept = Mutex<[Logger.Metadata]>([])

    var all: [Logger.Metadata] { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append(event.metadata ?? [:]) }
    }
}
