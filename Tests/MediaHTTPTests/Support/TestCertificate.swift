import MediaHTTP
import TestSupport

/// Certificates and keys, made by OpenSSL's own program.
struct TestCertificate {
    let folder: TemporaryFolder
    let certificate: String
    let key: String

    /// One for this machine that signs itself.
    ///
    /// - Parameters:
    ///   - name: its common name.
    ///   - folder: where its files go; a new one where none is given.
    ///   - days: how long it is valid.
    /// - Returns: its files.
    /// - Throws: what OpenSSL says.
    static func make(
        _ name: String = "localhost",
        in folder: TemporaryFolder? = nil,
        days: Int = 2
    ) async throws -> TestCertificate {
        let folder = try folder ?? TemporaryFolder()
        let made = TestCertificate(
            folder: folder,
            certificate: folder.path("\(name).pem"),
            key: folder.path("\(name).key")
        )
        try await Tool.run(
            "openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
                + ["-days", "\(days)", "-keyout", made.key, "-out", made.certificate]
        )
        return made
    }

    /// One that this one signed.
    func issue(_ name: String) async throws -> TestCertificate {
        let made = TestCertificate(
            folder: folder,
            certificate: folder.path("\(name).pem"),
            key: folder.path("\(name).key")
        )
        let request = folder.path("\(name).csr")
        try await Tool.run(
            "openssl",
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-subj", "/CN=\(name)", "-keyout", made.key, "-out", request]
        )
        try await Tool.run(
            "openssl",
            ["x509", "-req", "-in", request, "-CA", certificate, "-CAkey", key]
                + ["-CAcreateserial", "-days", "2", "-out", made.certificate]
        )
        return made
    }

    /// One that was over in the last century.
    static func makeExpired(in folder: TemporaryFolder) async throws -> TestCertificate {
        let valid = try await make("expired", in: folder)
        let database = try folder.write("index.txt", [])
        let configuration = """
            [ca]
            default_ca = a
            [a]
            database = \(database)
            new_certs_dir = \(folder.path)
            rand_serial = yes
            default_md = sha256
            policy = p
            [p]
            commonName = supplied
            """
        let request = folder.path("expired.csr")
        try await Tool.run(
            "openssl",
            ["req", "-new", "-key", valid.key, "-subj", "/CN=expired", "-out", request]
        )
        try await Tool.run(
            "openssl",
            ["ca", "-batch", "-config", try folder.write("ca.cnf", configuration.utf8)]
                + ["-selfsign", "-keyfile", valid.key, "-in", request, "-notext"]
                + ["-startdate", "990101000000Z", "-enddate", "991231000000Z"]
                + ["-out", valid.certificate]
        )
        return valid
    }

    var files: TLSFiles { TLSFiles(certificateChain: certificate, privateKey: key) }

    func reloading() throws -> TLSReloading { try TLSReloading(files) }
}
