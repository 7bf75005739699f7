extension UpstreamConfiguration {
    /// Checks all that can be checked without files.
    package func validate() throws(UpstreamConfigurationError) {
        guard !origins.isEmpty else { throw .noOrigins }
        var seen: Set<OriginURL> = []
        for origin in origins {
            guard seen.insert(origin.url).inserted else { throw .duplicateOrigin(origin.url) }
            guard OriginConfiguration.weights.contains(origin.weight) else {
                throw .badWeight(origin.url)
            }
        }
        guard Self.isToken(pseudonym) else { throw .badPseudonym }
        if let sharedSecret {
            guard Self.isToken(sharedSecret.fieldName), !sharedSecret.value.isEmpty,
                sharedSecret.value.utf8.allSatisfy(HTTPOctets.isFieldValue)
            else { throw .badSharedSecret }
        }
        guard health.path.hasPrefix("/"),
            health.path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .badHealthPath }
        guard (tls.certificateFile == nil) == (tls.keyFile == nil) else {
            throw .incompleteCertificate
        }
        try validateNumbers()
    }

    private func validateNumbers() throws(UpstreamConfigurationError) {
        let counts = [
            ("connections", pool.connectionCount),
            ("health failures", health.failureCount),
            ("health successes", health.successCount),
            ("call failures", health.callFailureCount),
        ]
        for (name, count) in counts where count <= 0 { throw .notPositive(name) }
        let notNegative = [("idle connections", pool.idleCount), ("waiting", pool.waitingCount)]
        for (name, count) in notNegative where count < 0 { throw .notPositive(name) }
        let times = [
            ("idle time", pool.idleTime), ("age", pool.age), ("waiting time", pool.waitingTime),
            ("health timeout", health.timeout), ("down time", health.downTime),
            ("health interval", health.interval ?? .seconds(1)),
        ]
        for (name, time) in times where time <= .zero { throw .notPositive(name) }
        guard health.slowStart >= .zero else { throw .notPositive("slow start") }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(HTTPOctets.isToken)
    }
}
