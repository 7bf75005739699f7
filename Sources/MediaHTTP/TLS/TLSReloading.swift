internal import NIOCore
internal import NIOSSL
import Synchronization

/// The certificate that a listener shows, which can be changed while it listens.
///
/// From any thread. New connections take the newest context; those that are open keep theirs, so a
/// change drops none.
package final class TLSReloading: Sendable {
    /// What is known of the certificate that is shown.
    package struct Certificate: Hashable, Sendable {
        /// Unix seconds.
        package var notBefore: Int64
        /// Unix seconds.
        package var notAfter: Int64
        /// Hexadecimal, as other tools write it.
        package var serialNumber: String
    }

    private struct State {
        var files: TLSFiles
        var context: NIOSSLContext
        var certificate: Certificate
    }

    private let state: Mutex<State>

    /// Reads the files, so it blocks.
    ///
    /// A certificate that is over is taken here, as a server that does not start helps nobody less;
    /// `certificate` tells.
    ///
    /// - Throws: `TLSError` with the file at fault.
    package init(_ files: TLSFiles) throws(TLSError) {
        state = Mutex(try Self.load(files))
    }

    /// Reads the files again, or others, and shows their certificate from now on; blocks.
    ///
    /// - Parameters:
    ///   - files: others than before, where set.
    ///   - now: Unix seconds.
    /// - Throws: `TLSError`; what was shown before is still shown then.
    package func reload(_ files: TLSFiles? = nil, now: Int64) throws(TLSError) {
        let files = files ?? state.withLock(\.files)
        let loaded = try Self.load(files)
        guard loaded.certificate.notAfter > now else {
            throw .expired(file: files.certificateChain, notAfter: loaded.certificate.notAfter)
        }
        state.withLock { $0 = loaded }
    }

    /// The certificate that new connections are shown.
    package var certificate: Certificate { state.withLock(\.certificate) }

    var context: NIOSSLContext { state.withLock(\.context) }

    // MARK: - Loading

    private static func load(_ files: TLSFiles) throws(TLSError) -> State {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificateChain)
        } catch {
            throw .badCertificate(file: files.certificateChain, reason: "\(error)")
        }
        guard let leaf = chain.first else {
            throw .badCertificate(file: files.certificateChain, reason: "no certificate in it")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw .badPrivateKey(file: files.privateKey, reason: "\(error)")
        }
        let configuration = try configuration(chain, key, files)
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .keyMismatch(
                certificate: files.certificateChain,
                privateKey: files.privateKey,
                reason: "\(error)"
            )
        }
        let certificate = Certificate(
            notBefore: Int64(leaf.notValidBefore),
            notAfter: Int64(leaf.notValidAfter),
            serialNumber: leaf.serialNumber.map(hexadecimal).joined()
        )
        return State(files: files, context: context, certificate: certificate)
    }

    private static func configuration(
        _ chain: [NIOSSLCertificate],
        _ key: NIOSSLPrivateKey,
        _ files: TLSFiles
    ) throws(TLSError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = cipherSuites
        configuration.applicationProtocols = ApplicationProtocol.allCases.map(\.rawValue)
        configuration.shutdownTimeout = .seconds(2)
        guard let file = files.clientAuthorities else { return configuration }
        do {
            let authorities = try NIOSSLCertificate.fromPEMFile(file)
            guard !authorities.isEmpty else {
                throw TLSError.badClientAuthorities(file: file, reason: "no certificate in it")
            }
            configuration.trustRoots = .certificates(authorities)
        } catch let error as TLSError {
            throw error
        } catch {
            throw .badClientAuthorities(file: file, reason: "\(error)")
        }
        // The client's address proves nothing here; its certificate does.
        configuration.certificateVerification = .noHostnameVerification
        return configuration
    }

    /// For TLS 1.2: keys that are forgotten, and encryption that notices changes.
    ///
    /// AES-128 first, as processors with AES instructions do it fastest. TLS 1.3 has no others.
    /// RFC 9325 §4.2
    private static let cipherSuites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }
}
