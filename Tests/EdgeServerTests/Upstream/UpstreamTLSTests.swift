import EdgeServer
import NIOCore
import TestSupport
import Testing

/// Origins behind TLS, with certificates that are right and wrong.
struct UpstreamTLSTests {
    /// Calls a server with this certificate twice, and once more after `change` was taken.
    private func outcome(
        _ server: ScriptedServer,
        host: String = "localhost",
        change: (inout UpstreamConfiguration) -> Void
    ) async throws -> (outcome: RecordedCall.Outcome, origin: OriginSnapshot) {
        var found: (RecordedCall.Outcome, OriginSnapshot)?
        try await UpstreamFixture.with(
            ["https://\(host):\(server.port)"],
            change: change
        ) { fixture in
            _ = try await fixture.get()
            let outcome = try await fixture.get()
            found = (outcome, fixture.group.snapshot.origins[0])
        }
        return try #require(found)
    }

    @Test func aCertificateOfTheAuthorityIsTrusted() async throws {
        let authority = try await Certificates(name: "authority")
        let server = try await ScriptedServer.start(
            tls: Certificates.server(try await authority.sign("server"))
        ) { _ in [.answerAll(Canned.hello)] }
        let (outcome, origin) = try await outcome(server) {
            $0.tls.authoritiesFile = authority.authority
        }
        #expect(outcome.error == nil && outcome.text == "hello")
        #expect(origin.connectionsOpened == 1)
        #expect(server.current.received[0].contains("\r\nHost: localhost:\(server.port)\r\n"))
        await server.stop()
    }

    @Test func aLargeBodyArrivesWhole() async throws {
        let authority = try await Certificates(name: "authority")
        let size = 3_000_000
        var answer = ByteBuffer(
            string: "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
        )
        answer.writeRepeatingByte(7, count: size)
        let bytes = answer
        let server = try await ScriptedServer.start(
            tls: Certificates.server(try await authority.sign("server"))
        ) { _ in [.answerAllBytes(bytes)] }
        let (outcome, _) = try await outcome(server) {
            $0.tls.authoritiesFile = authority.authority
        }
        #expect(outcome.error == nil && outcome.body.count == size)
        #expect(outcome.body.allSatisfy { $0 == 7 })
        await server.stop()
    }

    @Test func certificatesThatAreWrongAreRefused() async throws {
        let authority = try await Certificates(name: "authority")
        let stranger = try await Certificates(name: "stranger")
        let wrong = [
            ("of another authority", try await stranger.sign("server")),
            ("expired", try await authority.sign("expired", days: -1)),
            ("for another name", try await authority.sign("other", names: "DNS:other.test")),
        ]
        for (what, files) in wrong {
            let server = try await ScriptedServer.start(tls: Certificates.server(files)) { _ in
                [.answerAll(Canned.hello)]
            }
            let (outcome, _) = try await outcome(server) {
                $0.tls.authoritiesFile = authority.authority
            }
            #expect(outcome.error == .cannotConnect && outcome.head == nil, "\(what)")
            #expect(server.current.received.joined().isEmpty, "\(what)")
            await server.stop()
        }
    }

    @Test func anotherNameMayBeConfigured() async throws {
        let authority = try await Certificates(name: "authority")
        let files = try await authority.sign("other", names: "DNS:other.test")
        let server = try await ScriptedServer.start(tls: Certificates.server(files)) { _ in
            [.answerAll(Canned.hello)]
        }
        let (outcome, _) = try await outcome(server, host: "127.0.0.1") {
            $0.tls.authoritiesFile = authority.authority
            $0.tls.serverName = "other.test"
        }
        #expect(outcome.text == "hello")
        await server.stop()
    }

    @Test func anAddressMayBeCertified() async throws {
        let authority = try await Certificates(name: "authority")
        let files = try await authority.sign("server", names: "IP:127.0.0.1")
        let server = try await ScriptedServer.start(tls: Certificates.server(files)) { _ in
            [.answerAll(Canned.hello)]
        }
        let (outcome, _) = try await outcome(server, host: "127.0.0.1") {
            $0.tls.authoritiesFile = authority.authority
        }
        #expect(outcome.text == "hello")
        await server.stop()
    }

    @Test func anOriginMayAnswerItsEdgesOnly() async throws {
        let authority = try await Certificates(name: "authority")
        let edge = try await authority.sign("edge", names: "DNS:edge-1")
        let server = try await ScriptedServer.start(
            tls: Certificates.server(
                try await authority.sign("server"),
                clientsSignedBy: authority.authority
            )
        ) { _ in [.answerAll(Canned.hello)] }
        let (stranger, _) = try await outcome(server) {
            $0.tls.authoritiesFile = authority.authority
        }
        // By TLS 1.3 the server refuses after our side of the handshake is done: its reason may be
        // overtaken by its reset.
        let error = try #require(stranger.error)
        #expect([.cannotConnect, .closed].contains(error))
        #expect(server.current.received.joined().isEmpty)
        let (known, _) = try await outcome(server) {
            $0.tls.authoritiesFile = authority.authority
            $0.tls.certificateFile = edge.certificate
            $0.tls.keyFile = edge.key
        }
        #expect(known.text == "hello")
        await server.stop()
    }

    @Test func aHandshakeThatHangsIsNoConnection() async throws {
        // It takes the greeting and says nothing.
        let server = try await ScriptedServer.start { _ in [.until("never")] }
        try await UpstreamFixture.with(["https://localhost:\(server.port)"]) { fixture in
            let outcome = try await fixture.get { $0.connect = .milliseconds(60) }
            #expect(outcome.error == .cannotConnect)
            try await fixture.eventually("it is closed") { server.current.openCount == 0 }
        }
        await server.stop()
    }

    @Test func certificatesAreReadAgain() async throws {
        let authority = try await Certificates(name: "authority")
        let stranger = try await Certificates(name: "stranger")
        let server = try await ScriptedServer.start(
            tls: Certificates.server(try await authority.sign("server"))
        ) { _ in [.request, .send(Canned.hello), .close] }
        let url = "https://localhost:\(server.port)"
        try await UpstreamFixture.with(
            [url],
            change: { $0.tls.authoritiesFile = stranger.authority }
        ) { fixture in
            try await fixture.expect(.cannotConnect)
            let configuration = try UpstreamFixture.configuration([url]) {
                $0.tls.authoritiesFile = authority.authority
            }
            try fixture.group.reconfigure(configuration)
            try await fixture.expectHello()
            var missing = configuration
            missing.tls.authoritiesFile = "/nowhere.pem"
            #expect(throws: UpstreamConfigurationError.unreadable(file: "/nowhere.pem")) {
                try fixture.group.reconfigure(missing)
            }
            try await fixture.expectHello()
        }
        await server.stop()
    }
}
