/// Why a configuration is not taken; the one before it stays in force.
package enum UpstreamConfigurationError: Error, Hashable, Sendable {
    case noOrigins
    case duplicateOrigin(OriginURL)
    case badWeight(OriginURL)
    /// No token. RFC 9110 §5.6.2
    case badPseudonym
    /// Its name is no token, or its value cannot be a field's.
    case badSharedSecret
    /// No absolute path of visible ASCII.
    case badHealthPath
    /// A count or a time that must be above zero is not; its name.
    case notPositive(String)
    /// Of a certificate and its key, only one is there.
    case incompleteCertificate
    /// A file that is missing or is no PEM of its kind.
    case unreadable(file: String)
    /// The TLS library's reason.
    case refusedByTLS(String)
}
