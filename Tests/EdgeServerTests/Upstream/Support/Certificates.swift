import NIOSSL
import TestSupport

/// An authority of its own and what it signs, made by `openssl` in a temporary folder.
struct Certificates {
    let folder: TemporaryFolder
    let name: String

    /// Makes an authority.
    init(name: String) async throws {
        folder = try TemporaryFolder()
        self.name = name
        try await request(
            name,
            ["-x509", "-subj", "/CN=\(name)", "-days", "2"],
            output: folder.path("\(name).pem")
        )
    }

    var authority: String { folder.path("\(name).pem") }

    /// Signs a certificate for a server or a client.
    ///
    /// - Parameters:
    ///   - subject: its file's name, too.
    ///   - names: such as `DNS:localhost`.
    ///   - days: how long it is valid; a negative number makes one that no longer is.
    /// - Returns: the files.
    /// - Throws: what `openssl` says.
    func sign(
        _ subject: String,
        names: String = "DNS:localhost",
        days: Int = 2
    ) async throws -> (certificate: String, key: String) {
        let asked = folder.path("\(subject).csr")
        try await request(subject, ["-subj", "/CN=\(subject)"], output: asked)
        try folder.write("\(subject).ext", "subjectAltName=\(names)\n".utf8)
        // Not by `req` alone, which makes none that is no longer valid.
        try await Tool.run(
            "openssl",
            [
                "x509", "-req", "-in", asked, "-out", folder.path("\(subject).pem"),
                "-CA", authority, "-CAkey", folder.path("\(name).key"),
                "-extfile", folder.path("\(subject).ext"), "-days", "\(days)",
            ]
        )
        return (folder.path("\(subject).pem"), folder.path("\(subject).key"))
    }

    /// What a server secures its connections by, clients asked for a certificate or not.
    static func server(
        _ files: (certificate: String, key: String),
        clientsSignedBy authority: String? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
        )
        if let authority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(authority)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func request(
        _ subject: String,
        _ arguments: [String],
        output: String
    ) async throws {
        try await Tool.run(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", folder.path("\(subject).key"), "-out", output,
            ] + arguments
        )
    }
}
