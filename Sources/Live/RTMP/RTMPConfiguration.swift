package import Platform

/// Where RTMP is listened for, and for what.
package struct RTMPConfiguration: Hashable, Sendable {
    /// RTMP without TLS; nil for none.
    package var listen: ListenAddress?
    /// RTMP over TLS; nil for none.
    package var listenTLS: ListenAddress?
    /// PEM files of the certificate chain and its key, needed for `listenTLS`.
    package var certificateChain: String?
    package var privateKey: String?
    /// The path of the addresses that encoders are given.
    package var application: String
    package var limits: RTMPLimits

    package init(
        listen: ListenAddress?,
        listenTLS: ListenAddress? = nil,
        certificateChain: String? = nil,
        privateKey: String? = nil,
        application: String = "live",
        limits: RTMPLimits = RTMPLimits()
    ) {
        self.listen = listen
        self.listenTLS = listenTLS
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.application = application
        self.limits = limits
    }
}

/// Why an RTMP server does not start.
package enum RTMPServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option is that of `RTMPConfiguration`.
    case cannotListen(option: String, ListenAddress, errno: Int32)
    case unknownHost(option: String, ListenAddress)
    case missingCertificate
    case unusableCertificate(certificateChain: String, privateKey: String)
    case noThread(errno: Int32)
    case alreadyStarted

    package var description: String {
        switch self {
        case .cannotListen(let option, let address, let code):
            "\(option): cannot listen on \(address): errno \(code)"
        case .unknownHost(let option, let address):
            "\(option): \(address.host) is no address of this machine"
        case .missingCertificate:
            "listenTLS: needs certificateChain and privateKey"
        case .unusableCertificate(let certificateChain, let privateKey):
            "certificateChain, privateKey: cannot use \(certificateChain) with \(privateKey)"
        case .noThread(let code): "no thread to accept RTMP connections on: errno \(code)"
        case .alreadyStarted: "an RTMP server starts once"
        }
    }
}

/// Where an RTMP server listens, with the ports that it got.
package struct RTMPAddresses: Hashable, Sendable {
    package var plain: ListenAddress?
    package var tls: ListenAddress?
}
