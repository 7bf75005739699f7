package import EdgeCache
import MediaHTTP

/// The judge of a running edge: the freshness policy over the purge log.
package struct EdgeJudge: AnswerJudge {
    private let policy: FreshnessPolicy
    private let purges: PurgeLog

    package init(lifetimes: Lifetimes, purges: PurgeLog) {
        self.policy = FreshnessPolicy(lifetimes: lifetimes, readDate: { HTTPDate.parse($0) })
        self.purges = purges
    }

    package func judge(
        _ head: UpstreamHead,
        _ target: MediaTarget,
        askedAt: Int64,
        now: Int64
    ) -> FreshnessDecision {
        policy.decide(
            AnswerFacts(
                status: head.status == 206 ? 200 : head.status,
                fields: head.fields,
                kind: target.kind,
                requestedAt: askedAt,
                receivedAt: now
            )
        )
    }

    package func isPurged(_ object: CachedObject, key: CacheKey) -> Bool {
        purges.isDead(object, for: key)
    }
}
