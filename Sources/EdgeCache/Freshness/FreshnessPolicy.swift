/// Decides from an answer's head whether it is kept, and for how long it may be served.
///
/// The first of `Surrogate-Control`, `CDN-Cache-Control` and `Cache-Control` that says anything about
/// storing rules alone; `Expires` counts beside `Cache-Control` only; then the lives by kind. So the
/// edge's life of an answer and the browsers' can differ.
///
/// RFC 9111 §3, §4.2; RFC 5861; RFC 9213 §2.2
package struct FreshnessPolicy: Sendable {
    package var lifetimes: Lifetimes
    /// Names in `Vary`, in lower case, that the cache key sees to.
    package var variesByKey: Set<String>
    private let readDate: @Sendable (String) -> Int64?

    /// Makes the policy.
    ///
    /// - Parameters:
    ///   - lifetimes: of what says nothing itself.
    ///   - variesByKey: names in `Vary` beside `Accept-Encoding` and `Origin` that the key holds.
    ///   - readDate: Unix seconds of an HTTP date.
    package init(
        lifetimes: Lifetimes = Lifetimes(),
        variesByKey: Set<String> = [],
        readDate: @escaping @Sendable (String) -> Int64?
    ) {
        self.lifetimes = lifetimes
        self.variesByKey = variesByKey.union(["accept-encoding", "origin"])
        self.readDate = readDate
    }

    /// Decides on an answer; 206 as on the whole, which the caller has to piece together.
    package func decide(_ answer: AnswerFacts) -> FreshnessDecision {
        let ruling = Ruling(answer)
        let directives = ruling.directives
        guard !answer.isHead, isForEverybody(answer), !directives.isPrivate else {
            return .doNotStore(shareable: false)
        }
        guard !directives.isNoStore, !answer.hasAuthorization || ruling.allowsAuthorized,
            let stated = life(answer, ruling)
        else {
            return .doNotStore(shareable: !answer.hasAuthorization)
        }
        var life = stated
        if answer.status >= 400 { life = life.limited(to: lifetimes.longestError) }
        if answer.kind == .liveBlockingPlaylist || directives.mustRevalidate
            || directives.isNoCache
        {
            life.staleWhileRevalidate = .zero
            life.staleIfError = .zero
        }
        // Without a life and without a tag to confirm it by, it is of no use to anybody.
        guard life.longest > .zero || answer.has("etag") || answer.has("last-modified") else {
            return .doNotStore(shareable: true)
        }
        return .store(Freshness(life, bornAt: answer.bornAt))
    }

    // MARK: - For whom

    private func isForEverybody(_ answer: AnswerFacts) -> Bool {
        // Who asks decides on these, not what is asked for. 304 needs the stored answer, and 508
        // comes of the `Via` of the one who asked first.
        let isPersonal =
            [304, 401, 407, 412, 416, 508].contains(answer.status) || answer.status < 200
        guard !isPersonal, !answer.has("set-cookie") else { return false }
        guard let vary = answer.value("vary") else { return true }
        return vary.split(separator: ",").allSatisfy { name in
            let name = name.filter { $0 != " " && $0 != "\t" }.lowercased()
            return name.isEmpty || variesByKey.contains(name)
        }
    }

    // MARK: - For how long

    private func life(_ answer: AnswerFacts, _ ruling: Ruling) -> Lifetimes.Windows? {
        let byKind = defaultLife(answer)
        guard let seconds = statedSeconds(answer, ruling), Self.understood.contains(answer.status)
        else { return byKind }
        let isError = answer.status >= 400
        let directives = ruling.directives
        var life = Lifetimes.Windows(fresh: .seconds(min(seconds, Self.longestSeconds)))
        // `s-maxage` forbids what the origin does not allow by name. RFC 9111 §5.2.2.10
        if !isError, ruling.isTargeted || directives.sharedMaxAge == nil {
            // A life of 0 means: ask, every time.
            if seconds > 0 {
                life.staleWhileRevalidate = lifetimes[answer.kind].staleWhileRevalidate
            }
            life.staleIfError = lifetimes[answer.kind].staleIfError
        }
        if let seconds = directives.staleWhileRevalidate {
            life.staleWhileRevalidate = .seconds(min(seconds, Self.longestSeconds))
        }
        if let seconds = directives.staleIfError {
            life.staleIfError = .seconds(min(seconds, Self.longestSeconds))
        }
        return life
    }

    /// What the origin says; nothing where it says nothing. RFC 9111 §4.2.1
    private func statedSeconds(_ answer: AnswerFacts, _ ruling: Ruling) -> Int64? {
        if ruling.directives.isNoCache { return 0 }
        if let seconds = ruling.directives.sharedMaxAge ?? ruling.directives.maxAge {
            return seconds
        }
        guard !ruling.isTargeted, let expires = answer.value("expires") else { return nil }
        // Not a date, or nothing to count from: over already. RFC 9111 §5.3
        guard let end = readDate(expires), let start = answer.value("date").flatMap(readDate) else {
            return 0
        }
        return max(0, end - start)
    }

    private func defaultLife(_ answer: AnswerFacts) -> Lifetimes.Windows? {
        let life: Lifetimes.Windows
        switch answer.status {
        case 200, 203, 206, 301, 308: life = lifetimes[answer.kind]
        case 404, 410: life = Lifetimes.Windows(fresh: lifetimes.notFound)
        case 500...504: life = Lifetimes.Windows(fresh: lifetimes.serverError)
        default: return nil
        }
        // What does not exist yet in live must not go on not existing. RFC 8216bis appendix B.1
        if answer.status >= 400, answer.kind.isLive { return nil }
        return life.longest > .zero ? life : nil
    }

    /// Statuses whose meaning this cache keeps to, so that an origin may give them a life.
    ///
    /// RFC 9110 §15.1
    private static let understood: Set<Int> = [
        200, 203, 204, 206, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 451, 500,
        501, 502, 503, 504,
    ]

    /// A year, which is what "never changes" is written as.
    private static let longestSeconds: Int64 = 365 * 86_400
}

/// The field that rules an answer's storing, and what it says.
private struct Ruling {
    let directives: CacheDirectives
    let isTargeted: Bool

    init(_ answer: AnswerFacts) {
        for name in ["surrogate-control", "cdn-cache-control"] {
            guard let field = answer.value(name) else { continue }
            let directives = CacheDirectives(field, for: .surrogates)
            guard directives.isDecisive else { continue }
            self.directives = directives
            self.isTargeted = true
            return
        }
        self.directives = CacheDirectives(answer.value("cache-control") ?? "")
        self.isTargeted = false
    }

    /// Whether an answer to a request with `Authorization` may be kept. RFC 9111 §3.5
    var allowsAuthorized: Bool {
        isTargeted || directives.isPublic || directives.mustRevalidate
            || directives.sharedMaxAge != nil
    }
}

extension Lifetimes.Windows {
    /// From birth to the last use.
    fileprivate var longest: Duration { fresh + max(staleWhileRevalidate, staleIfError) }

    fileprivate func limited(to limit: Duration) -> Self {
        Self(
            fresh: min(fresh, limit),
            staleWhileRevalidate: min(staleWhileRevalidate, limit),
            staleIfError: min(staleIfError, limit)
        )
    }
}

extension Freshness {
    fileprivate init(_ life: Lifetimes.Windows, bornAt: Int64) {
        let freshUntil = bornAt + life.fresh.wholeMilliseconds
        self.init(
            bornAt: bornAt,
            freshUntil: freshUntil,
            staleWhileRevalidateUntil: freshUntil + life.staleWhileRevalidate.wholeMilliseconds,
            staleIfErrorUntil: freshUntil + life.staleIfError.wholeMilliseconds
        )
    }
}
