import EdgeServer
import Logging
import Platform

extension Access {
    static func gate(
        _ configuration: AccessConfiguration = AccessConfiguration(),
        keys: [AccessKey] = [],
        countries: GeoDatabase? = nil,
        counters: AccessCounters = AccessCounters(),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) throws -> AccessGate {
        try AccessGate(
            configuration: configuration,
            keys: try AccessKeys(keys),
            countries: countries,
            counters: counters,
            logger: logger
        )
    }
}

extension AccessGate {
    /// Checks a target such as `/videos/a?b=c`.
    func check(
        _ target: String,
        from client: String = "192.0.2.1",
        at seconds: Int64 = Access.now,
        nanoseconds: UInt64 = 1_000_000_000,
        headers: [String: String] = [:]
    ) throws -> AccessDecision {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = AccessRequest(
            path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : nil,
            client: try Access.address(client)
        )
        let time = AccessTime(unixSeconds: seconds, nanoseconds: nanoseconds)
        return check(request, at: time) { headers[$0] }
    }
}

extension AccessDecision {
    var path: String? {
        guard case .allowed(let pass) = self else { return nil }
        return String(pass.path)
    }

    var pass: AccessPass? {
        guard case .allowed(let pass) = self else { return nil }
        return pass
    }

    var refusal: AccessRefusal? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }

    var redirect: String? {
        guard case .redirect(let address) = self else { return nil }
        return address
    }
}
