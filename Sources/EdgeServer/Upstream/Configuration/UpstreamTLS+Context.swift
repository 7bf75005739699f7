import NIOSSL

extension UpstreamTLS {
    /// Reads the files and makes what connections are secured by; blocks.
    func makeContext() throws(UpstreamConfigurationError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authoritiesFile {
            configuration.trustRoots = .certificates(try Self.certificates(authoritiesFile))
        }
        if let certificateFile, let keyFile {
            configuration.certificateChain = try Self.certificates(certificateFile).map {
                .certificate($0)
            }
            do {
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: keyFile, format: .pem)
                )
            } catch {
                throw .unreadable(file: keyFile)
            }
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .refusedByTLS("\(error)")
        }
    }

    private static func certificates(
        _ file: String
    ) throws(UpstreamConfigurationError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty
        else { throw .unreadable(file: file) }
        return certificates
    }
}
