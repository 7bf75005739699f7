/// A region between whose edge and others' players may move: HLS' pathway, DASH's service location.
package struct SteeringRegion: Hashable, Sendable {
    /// `PATHWAY-ID` and `serviceLocation`: `[A-Za-z0-9._-]`, the same in every region's
    /// configuration.
    package let id: String
    package let scheme: String
    /// A name, an IPv4 address or an IPv6 address in brackets.
    package let host: String
    /// Nothing where it is the scheme's own.
    package let port: Int?
    /// Lower is better; players go elsewhere only where better ones are full or away.
    package let preference: Int
    /// How much it can carry, measured against the other regions.
    package let capacity: Double

    /// - Parameters:
    ///   - id: its name.
    ///   - baseURL: `http(s)://host[:port]` of its edge as players see it.
    ///   - preference: from 0.
    ///   - capacity: above 0.
    /// - Throws: `.badRegion`.
    package init(
        id: String,
        baseURL: String,
        preference: Int = 1,
        capacity: Double = 1
    ) throws(SteeringConfigurationError) {
        guard Self.isID(id), preference >= 0, capacity > 0, capacity.isFinite else {
            throw .badRegion(id)
        }
        guard let separator = baseURL.firstRange(of: "://") else { throw .badRegion(baseURL) }
        let scheme = String(baseURL[..<separator.lowerBound])
        guard scheme == "http" || scheme == "https",
            let (host, port) = Self.authority(baseURL[separator.upperBound...])
        else { throw .badRegion(baseURL) }
        self.id = id
        self.scheme = scheme
        self.host = host
        self.port = port == Self.standardPort(scheme) ? nil : port
        self.preference = preference
        self.capacity = capacity
    }

    /// As it stands in a configuration: `eu https://eu.example.org preference=1 capacity=4`.
    ///
    /// - Throws: `.badRegion` with the text.
    package init(_ text: String) throws(SteeringConfigurationError) {
        let words = text.split(separator: " ")
        guard words.count >= 2 else { throw .badRegion(text) }
        var preference = 1
        var capacity = 1.0
        for word in words.dropFirst(2) {
            let pair = word.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { throw .badRegion(text) }
            switch pair[0] {
            case "preference":
                guard let value = Int(pair[1]) else { throw .badRegion(text) }
                preference = value
            case "capacity":
                guard let value = Double(pair[1]) else { throw .badRegion(text) }
                capacity = value
            default: throw .badRegion(text)
            }
        }
        do throws(SteeringConfigurationError) {
            try self.init(
                id: String(words[0]),
                baseURL: String(words[1]),
                preference: preference,
                capacity: capacity
            )
        } catch {
            throw .badRegion(text)
        }
    }

    /// Without a slash at the end.
    package var baseURL: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }

    /// The host and always the port: where one region has its own, the others must say theirs, or
    /// a player would keep the first one's.
    var hostAndPort: String { "\(host):\(port ?? Self.standardPort(scheme))" }

    /// Whether a pathway may be called so. RFC 8216bis §4.4.6.2
    static func isID(_ id: String) -> Bool {
        (1...SteeringLimits.idSizeBytes).contains(id.utf8.count) && id.utf8.allSatisfy(isIDByte)
    }

    private static func standardPort(_ scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        let text = text.hasSuffix("/") ? text.dropLast() : text
        guard (1...SteeringLimits.hostSizeBytes).contains(text.utf8.count) else { return nil }
        var host = text
        var port: Int?
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
                return nil
            }
            host = text[..<colon]
            port = Int(number)
        }
        let isIPv6 = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isIPv6 ? host.dropFirst().dropLast() : host
        guard !name.isEmpty, name.utf8.allSatisfy(isIPv6 ? isIPv6Byte : isIDByte) else {
            return nil
        }
        return (String(host), port)
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
