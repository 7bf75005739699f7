/// Where a listener's certificate and key lie, and whom it lets in.
package struct TLSFiles: Hashable, Sendable {
    /// PEM: the server's certificate first, then those between it and a root.
    package var certificateChain: String
    /// PEM, without a passphrase.
    package var privateKey: String
    /// PEM: where set, a client must show a certificate that one of these signed.
    ///
    /// So an origin answers its edges only.
    package var clientAuthorities: String?

    package init(certificateChain: String, privateKey: String, clientAuthorities: String? = nil) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.clientAuthorities = clientAuthorities
    }
}
