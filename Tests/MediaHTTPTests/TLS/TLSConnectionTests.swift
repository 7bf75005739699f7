import MediaHTTP
import NIOCore
import TestSupport
import Testing

/// HTTP/1.1 over TLS, with other programs as clients.
@Suite(.timeLimit(.minutes(2)))
struct TLSConnectionTests {
    @Test func http11IsSpokenWhereTheClientOffersNothingElse() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { server in
            let answer = try await Curl.get("/a", server.address, certificate, ["--http1.1"])
            #expect(answer.status == 200)
            #expect(answer.version == "1.1")
            #expect(answer.text == "/a")
        }
    }

    @Test(arguments: [3_000, 100_000, 5_000_000])
    func bodiesInMemoryAndOfFilesArriveWhole(sizeBytes: Int) async throws {
        let certificate = try await TestCertificate.make()
        let file = try TemporaryFile(sizeBytes: sizeBytes)
        let bytes = file.bytes
        let stored = try file.body(header: Array("head".utf8))
        try await TestServer.with(tls: certificate.reloading()) { request, _ in
            request.path == "/bytes"
                ? .now(.body(.bytes(ByteBuffer(bytes: bytes)))) : .now(.body(stored))
        } _: { server in
            let answer = try await Curl.get("/bytes", server.address, certificate, ["--http1.1"])
            #expect(answer.body == file.bytes)
            let whole = try await Curl.get("/file", server.address, certificate, ["--http1.1"])
            #expect(whole.body == Array("head".utf8) + file.bytes)
            let part = try await Curl.get(
                "/file",
                server.address,
                certificate,
                ["--http1.1", "-r", "2-2000"]
            )
            #expect(part.status == 206)
            #expect(part.body == Array((Array("head".utf8) + file.bytes)[2...2000]))
        }
    }

    /// The kernel was to send it, which it cannot do through TLS, and the connection broke.
    @Test func bodiesInTheArenaArriveWhole() async throws {
        let certificate = try await TestCertificate.make()
        let bytes = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let arena = try #require(MemoryArena())
        let region = try #require(
            arena.store(CollectionOfOne(ByteBuffer(bytes: bytes)), sizeBytes: bytes.count)
        )
        try await TestServer.with(tls: certificate.reloading()) { _, _ in
            .now(.body(.region(region)))
        } _: { server in
            for version in ["--http1.1", "--http2"] {
                let whole = try await Curl.get("/a", server.address, certificate, [version])
                #expect(whole.body == bytes)
                let options = [version, "-r", "2-300000"]
                let part = try await Curl.get("/a", server.address, certificate, options)
                #expect(part.status == 206)
                #expect(part.body == Array(bytes[2...300_000]))
            }
        }
    }

    @Test func oldVersionsAreRefused() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { server in
            for (version, isTaken) in [("TLSv1_1", false), ("TLSv1_2", true), ("TLSv1_3", true)] {
                let script = """
                    import socket, ssl, warnings
                    warnings.simplefilter("ignore")
                    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                    c.check_hostname = False
                    c.verify_mode = ssl.CERT_NONE
                    c.set_ciphers("ALL:@SECLEVEL=0")
                    c.minimum_version = c.maximum_version = ssl.TLSVersion.\(version)
                    s = socket.create_connection(("127.0.0.1", \(server.address.port ?? 0)), 20)
                    try:
                        print(c.wrap_socket(s).cipher()[0])
                    except OSError as error:
                        print("refused")
                    """
                let output = try await Tool.run("python3", ["-c", script])
                #expect((output.lines.first != "refused") == isTaken)
                if isTaken { #expect(output.text.contains("GCM")) }
            }
        }
    }

    @Test func aClientThatNeverShakesHandsIsClosed() async throws {
        let certificate = try await TestCertificate.make()
        var limits = MediaLimits.patient
        limits.headTime = .milliseconds(100)
        try await TestServer.with(limits: limits, tls: certificate.reloading()) { server in
            let client = try await server.connect()
            #expect(await client.untilClosed().isEmpty)
            let talker = try await server.connect(greeting: "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = await talker.untilClosed()
            #expect(server.server.connectionCount == 0)
        }
    }

    @Test func clientsWithoutTheRightCertificateGetNoAnswer() async throws {
        let certificate = try await TestCertificate.make()
        let authority = try await TestCertificate.make("authority")
        let edge = try await authority.issue("edge")
        let stranger = try await TestCertificate.make("stranger")
        var files = certificate.files
        files.clientAuthorities = authority.certificate
        try await TestServer.with(tls: TLSReloading(files)) { server in
            for version in ["--http1.1", "--http2"] {
                await #expect(throws: Tool.Failed.self) {
                    try await Curl.get("/a", server.address, certificate, [version])
                }
                let other = ["--cert", stranger.certificate, "--key", stranger.key]
                await #expect(throws: Tool.Failed.self) {
                    try await Curl.get("/a", server.address, certificate, other + [version])
                }
                let known = ["--cert", edge.certificate, "--key", edge.key]
                let answer = try await Curl.get(
                    "/a",
                    server.address,
                    certificate,
                    known + [version]
                )
                #expect(answer.text == "/a")
            }
        }
    }
}
