/// How long a segmenter waits and what it keeps, in one place.
enum SegmenterLimits {
    /// Of media time: a track this far behind the others is taken for silent.
    ///
    /// The others go on, and it has gaps. Must be above what encoders are apart in interleaving and
    /// starting.
    static let silenceMicroseconds: Int64 = 3_000_000
    /// Of media time at a start: until every track's rate is known, or low latency goes without.
    static let rateDecisionMicroseconds: Int64 = 1_000_000
    /// Video before its first key frame is dropped, for this long at most.
    static let keyFrameWaitMicroseconds: Int64 = 3_000_000
    /// What a sample may lose at the end of a part without players noticing.
    static let unnoticedHoleMicroseconds: Int64 = 100_000
    /// Samples in successive segments that kept a part from its length, before the stream is
    /// taken for one that cannot keep to part targets.
    static let misfits = 3
    /// By how much a segment of a track that does not pace may exceed the target duration.
    ///
    /// That is compared with durations rounded to whole seconds. RFC 8216bis §4.4.3.1
    static let roundingMicroseconds: Int64 = 400_000
    /// Wall clock time is moved by at most this much a segment.
    static let slewMicroseconds: Int64 = 1_000
    /// Events that wait for the next part; more are not carried in the media.
    static let pendingEvents = 64
    /// Samples of one track that wait for the others, in case the encoder numbers them absurdly.
    static let backlog = 8_192
    /// What a sample that waits takes beside its bytes: two allocations and their places.
    static let sampleOverheadBytes = 160
}
