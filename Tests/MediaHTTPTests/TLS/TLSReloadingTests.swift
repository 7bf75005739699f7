import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TLSReloadingTests {
    private let now: Int64 = 1_700_000_000

    @Test func aNewCertificateIsShownToNewConnections() async throws {
        let first = try await TestCertificate.make("first")
        let second = try await TestCertificate.make("second")
        let reloading = try first.reloading()
        let old = reloading.certificate
        try await TestServer.with(tls: reloading) { server in
            #expect(try await Curl.get("/", server.address, first).status == 200)
            try reloading.reload(second.files, now: now)
            #expect(reloading.certificate.serialNumber != old.serialNumber)
            #expect(reloading.certificate.notAfter > now)
            #expect(try await Curl.get("/", server.address, second).status == 200)
            await #expect(throws: Tool.Failed.self) {
                try await Curl.get("/", server.address, first)
            }
        }
    }

    @Test func noConnectionIsDroppedByReloads() async throws {
        let certificate = try await TestCertificate.make()
        let reloading = try certificate.reloading()
        let answered = Atomic(0)
        let due = Signal()
        try await TestServer.with(tls: reloading) { request, _ in
            if answered.wrappingAdd(1, ordering: .relaxed).newValue % 200 == 0 { due.send() }
            return .now(.body(.bytes(ByteBuffer(repeating: 7, count: 20_000))))
        } _: { server in
            let port = server.address.port ?? 0
            async let load = Tool.run(
                "h2load",
                ["-c", "8", "-m", "4", "-n", "20000", "https://127.0.0.1:\(port)/a"]
            )
            for _ in 0..<100 {
                await due.wait()
                try reloading.reload(now: now)
            }
            let text = try await load.text
            #expect(text.contains("20000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(text)")
        }
    }

    @Test func badFilesAreNamedAndTheOldCertificateStays() async throws {
        let certificate = try await TestCertificate.make()
        let other = try await TestCertificate.make("other")
        let expired = try await TestCertificate.makeExpired(in: certificate.folder)
        let garbage = try certificate.folder.write("garbage.pem", "no PEM".utf8)
        let reloading = try certificate.reloading()
        let shown = reloading.certificate

        func error(_ chain: String, _ key: String, _ authorities: String? = nil) -> TLSError? {
            let files = TLSFiles(
                certificateChain: chain,
                privateKey: key,
                clientAuthorities: authorities
            )
            do throws(TLSError) {
                try reloading.reload(files, now: now)
                return nil
            } catch {
                return error
            }
        }
        let missing = certificate.folder.path("missing.pem")
        for file in [garbage, missing] {
            guard case .badCertificate(file, _) = error(file, certificate.key) else {
                Issue.record("a bad certificate was taken")
                return
            }
            guard case .badPrivateKey(file, _) = error(certificate.certificate, file) else {
                Issue.record("a bad key was taken")
                return
            }
            let bad = error(certificate.certificate, certificate.key, file)
            guard case .badClientAuthorities(file, _) = bad else {
                Issue.record("bad authorities were taken")
                return
            }
        }
        guard case .keyMismatch = error(certificate.certificate, other.key) else {
            Issue.record("another certificate's key was taken")
            return
        }
        guard case .expired(expired.certificate, _) = error(expired.certificate, expired.key) else {
            Issue.record("an expired certificate was taken")
            return
        }
        #expect(reloading.certificate == shown)
    }

    @Test func anExpiredCertificateIsShownWhereThereIsNoOther() async throws {
        let expired = try await TestCertificate.makeExpired(in: TemporaryFolder())
        let reloading = try expired.reloading()
        #expect(reloading.certificate.notAfter < now)
        #expect(reloading.certificate.notBefore < reloading.certificate.notAfter)
    }
}
