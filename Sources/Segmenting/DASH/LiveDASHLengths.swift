/// The times that a manifest tells of the whole stream, in microseconds.
struct LiveDASHLengths {
    /// Whether players can have segments while they are made.
    var isLowLatency: Bool
    var longestMicroseconds: Int64
    var latencyMicroseconds: Int64
    var bufferMicroseconds: Int64
    var updateMicroseconds: Int64

    init(_ last: LiveDASHPeriodText, _ presentation: LivePresentation, facts: LiveDASHFacts) {
        let part = last.isListed ? nil : presentation.lowLatency.partTargetMicroseconds
        let longest = (max(1_000_000, last.longestMicroseconds) + 999) / 1000 * 1000
        isLowLatency = part != nil
        longestMicroseconds = longest
        // Three parts are what HLS asks for; a player that follows the clock instead of being
        // told needs one more, and none is steady below a second and a half.
        let least = part.map { max(1_500_000, 4 * $0) } ?? 3 * longest
        latencyMicroseconds = facts.targetLatencyMilliseconds.map { Int64($0) * 1000 } ?? least
        bufferMicroseconds = part.map { 2 * $0 } ?? longest
        // New segments need no new manifest where they are numbered, but new periods do.
        updateMicroseconds = longest
    }
}
