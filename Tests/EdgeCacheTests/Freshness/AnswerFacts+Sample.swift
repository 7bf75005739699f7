import EdgeCache

extension AnswerFacts {
    /// An answer that was asked for at 10.000 s and came at 10.250 s.
    static func sample(
        _ fields: [(String, String)] = [],
        status: Int = 200,
        kind: ContentKind = .vodSegment
    ) -> AnswerFacts {
        AnswerFacts(
            status: status,
            fields: fields.map { (name: $0.0, value: $0.1) },
            kind: kind,
            requestedAt: 10_000,
            receivedAt: 10_250
        )
    }
}

extension FreshnessPolicy {
    /// Dates are written as `@` and Unix seconds.
    static let sample = FreshnessPolicy { text in
        text.first == "@" ? Int64(text.dropFirst()) : nil
    }
}

extension FreshnessDecision {
    /// Fresh, stale-while-revalidate and stale-if-error, in seconds; nothing where not stored.
    var windows: [Int64]? {
        guard case .store(let freshness) = self else { return nil }
        return [
            (freshness.freshUntil - freshness.bornAt) / 1000,
            (freshness.staleWhileRevalidateUntil - freshness.freshUntil) / 1000,
            (freshness.staleIfErrorUntil - freshness.freshUntil) / 1000,
        ]
    }
}
