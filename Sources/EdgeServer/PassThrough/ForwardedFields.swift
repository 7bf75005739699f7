import Platform

/// The fields of a request on its way to the origin. RFC 9110 §7.6, RFC 7239 §7.4
///
/// Pure. What is about the client's connection stays here; what says who the client is, is ours to
/// say unless the client is a proxy that we trust; all else passes as it is.
package struct ForwardedFields {
    /// Who asks, and how.
    package struct Client {
        /// Address and port.
        package var peerAddress: String
        package var isSecure: Bool
        package var host: String?

        package init(peerAddress: String, isSecure: Bool, host: String?) {
            self.peerAddress = peerAddress
            self.isSecure = isSecure
            self.host = host
        }
    }

    private let client: Client
    private let configuration: PassThroughConfiguration

    package init(client: Client, configuration: PassThroughConfiguration) {
        self.client = client
        self.configuration = configuration
    }

    /// About one connection, or made by the upstream's. RFC 9110 §7.6.1
    private static let hopByHop: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]
    /// What only a trusted proxy may say.
    private static let identity: Set<String> = [
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port",
        "x-forwarded-proto", "x-real-ip",
    ]

    /// - Parameters:
    ///   - fields: as the client sent them.
    ///   - upgrade: the protocol to switch to, where that is wanted and passed on.
    ///   - requestID: of the exchange.
    /// - Returns: the fields to send, without those that the upstream's connection makes.
    package func make(
        from fields: [(String, String)],
        upgrade: String?,
        requestID: String
    ) -> [(String, String)] {
        let removed = Self.hopByHop.union(Self.named(by: fields))
            .union(configuration.removedFields)
        let isTrusted = isPeerTrusted
        var made: [(String, String)] = []
        made.reserveCapacity(fields.count + 6)
        var incoming: [String: String] = [:]
        for (name, value) in fields {
            let key = name.lowercased()
            if key == "x-request-id" || removed.contains(key) || key.hasPrefix("proxy-") {
                continue
            }
            guard Self.identity.contains(key) else {
                made.append((name, value))
                continue
            }
            guard isTrusted else { continue }
            if Self.isRewritten(key) {
                incoming[key] = incoming[key].map { $0 + ", " + value } ?? value
            } else {
                made.append((name, value))
            }
        }
        appendOwn(to: &made, incoming)
        if let upgrade { made.append(("Upgrade", upgrade)) }
        made.append(("X-Request-Id", requestID))
        return made
    }

    private func appendOwn(to made: inout [(String, String)], _ incoming: [String: String]) {
        let peer = peerText
        let forwardedFor = incoming["x-forwarded-for"].map { $0 + ", " + peer } ?? peer
        made.append(("X-Forwarded-For", forwardedFor))
        let scheme = client.isSecure ? "https" : "http"
        made.append(("X-Forwarded-Proto", incoming["x-forwarded-proto"] ?? scheme))
        if let host = incoming["x-forwarded-host"] ?? client.host {
            made.append(("X-Forwarded-Host", host))
        }
        // A line of its own at the end is the same as an element at the list's end.
        if let pseudonym = configuration.pseudonym { made.append(("Via", "1.1 " + pseudonym)) }
    }

    private static func isRewritten(_ key: String) -> Bool {
        key == "x-forwarded-for" || key == "x-forwarded-proto" || key == "x-forwarded-host"
    }

    /// The fields that `Connection` names are about that connection too.
    private static func named(by fields: [(String, String)]) -> Set<String> {
        var names: Set<String> = []
        for (name, value) in fields where name.lowercased() == "connection" {
            for element in value.split(separator: ",") {
                names.insert(element.filter { $0 != " " && $0 != "\t" }.lowercased())
            }
        }
        return names
    }

    private var isPeerTrusted: Bool {
        guard let peer = ForwardedAddress.address(client.peerAddress) else { return false }
        return configuration.trustedNetworks.contains { $0.contains(peer) }
    }

    /// The address without its port, and without brackets.
    private var peerText: String {
        let text = client.peerAddress
        if text.first == "[", let end = text.firstIndex(of: "]") {
            return String(text[text.index(after: text.startIndex)..<end])
        }
        guard let colon = text.lastIndex(of: ":") else { return text == "-" ? "unknown" : text }
        return String(text[..<colon])
    }
}
