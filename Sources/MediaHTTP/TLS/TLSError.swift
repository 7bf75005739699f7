/// Why files for TLS are not taken; each names the file at fault.
package enum TLSError: Error, Hashable, Sendable {
    /// Not there, not readable, or no certificate in PEM.
    case badCertificate(file: String, reason: String)
    /// Not there, not readable, no key in PEM, or one with a passphrase.
    case badPrivateKey(file: String, reason: String)
    /// No certificate in PEM to check clients by.
    case badClientAuthorities(file: String, reason: String)
    /// The key is not the certificate's.
    case keyMismatch(certificate: String, privateKey: String, reason: String)
    /// Not valid any more since this Unix second.
    case expired(file: String, notAfter: Int64)

    /// The file to look at.
    package var file: String {
        switch self {
        case .badCertificate(let file, _), .badPrivateKey(let file, _),
            .badClientAuthorities(let file, _), .expired(let file, _),
            .keyMismatch(_, let file, _):
            file
        }
    }
}
