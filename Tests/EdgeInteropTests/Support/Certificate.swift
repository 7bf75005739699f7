import NIOSSL
import TestSupport

/// A certificate for `localhost` and 127.0.0.1 that signs itself, made by `openssl`.
struct Certificate {
    let path: String
    let key: String

    /// - Parameters:
    ///   - name: its subject, and its files'.
    ///   - folder: where they go.
    ///   - days: how long it is good; a negative number makes one that no longer is.
    /// - Throws: what `openssl` says.
    init(_ name: String, in folder: TemporaryFolder, days: Int = 2) async throws {
        path = folder.path("\(name).pem")
        key = folder.path("\(name).key")
        let asked = folder.path("\(name).csr")
        try await Tool.run(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", key, "-out", asked, "-subj", "/CN=\(name)",
            ]
        )
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1\n"
        try folder.write("\(name).ext", names.utf8)
        // Not by `req` alone, which makes none that is no longer valid.
        try await Tool.run(
            "openssl",
            [
                "x509", "-req", "-in", asked, "-out", path, "-signkey", key, "-days", "\(days)",
                "-extfile", folder.path("\(name).ext"),
            ]
        )
    }

    /// For a server of the tests.
    var context: NIOSSLContext {
        get throws {
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(path).map {
                        .certificate($0)
                    },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
                )
            )
        }
    }

    /// The name in the certificate that a server shows.
    static func shown(by port: Int) async throws -> String {
        let script =
            "openssl s_client -connect 127.0.0.1:\(port) -servername localhost"
            + " </dev/null 2>/dev/null | openssl x509 -noout -subject"
        let text = try await Tool.run("sh", ["-c", script]).text
        return String(text.split(separator: "=").last ?? "").filter { $0 != " " && $0 != "\n" }
    }
}
