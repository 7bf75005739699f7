/// When an object was made, and for how long it may be served.
///
/// Times are a monotonic clock's milliseconds, so that a clock that is set does not make anything
/// older or younger; the shared tier, which outlives this process, keeps wall times and converts.
package struct Freshness: Hashable, Sendable {
    /// When the object's age was 0: what an origin or a shield said of its `Age` is before the
    /// moment it arrived.
    package var bornAt: Int64
    /// From arrival on, it is fresh until then.
    package var freshUntil: Int64
    /// From `freshUntil` to here it may be served while one request asks for a newer one.
    ///
    /// RFC 5861 §3
    package var staleWhileRevalidateUntil: Int64
    /// From `freshUntil` to here it may be served where no origin answers. RFC 5861 §4
    package var staleIfErrorUntil: Int64

    package init(
        bornAt: Int64,
        freshUntil: Int64,
        staleWhileRevalidateUntil: Int64,
        staleIfErrorUntil: Int64
    ) {
        self.bornAt = bornAt
        self.freshUntil = freshUntil
        self.staleWhileRevalidateUntil = staleWhileRevalidateUntil
        self.staleIfErrorUntil = staleIfErrorUntil
    }

    /// Of what is not kept.
    package static func none(at now: Int64) -> Freshness {
        Freshness(
            bornAt: now,
            freshUntil: now,
            staleWhileRevalidateUntil: now,
            staleIfErrorUntil: now
        )
    }

    package enum State: Hashable, Sendable {
        case fresh
        /// May be served; somebody should ask for a newer one.
        case staleWhileRevalidate
        /// May be served only where no origin answers.
        case staleIfError
        /// Only its tag and its bytes are of use, to be confirmed.
        case expired
    }

    package func state(at now: Int64) -> State {
        if now < freshUntil { return .fresh }
        if now < staleWhileRevalidateUntil { return .staleWhileRevalidate }
        if now < staleIfErrorUntil { return .staleIfError }
        return .expired
    }

    /// Whole seconds, never negative. RFC 9111 §4.2.3
    package func ageSeconds(at now: Int64) -> Int64 { max(0, now - bornAt) / 1000 }

    /// After this, nobody has a use for it but as something to confirm.
    package var lastUse: Int64 { max(freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil) }
}
