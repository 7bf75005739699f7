/// Sees that there are pictures at which viewers can start.
///
/// Decoders of browsers start at IDR pictures only. An encoder that refreshes a picture bit by bit,
/// or has open groups of pictures in H.264, sends recovery points instead: whoever comes after its
/// first picture would see nothing, and nobody would know why.
struct KeyFrameWatch: Sendable {
    private var lastMicroseconds: Int64?
    /// Since the last key frame, without times at which nothing came.
    private var waitedMicroseconds: Int64 = 0
    private var hasBegun = false
    private var recoveryPoints = 0
    /// Of arrival, from one picture to the next: more is the network's doing, or the clock's.
    private static let longestStep: Int64 = 1_000_000

    /// - Parameters:
    ///   - isSync: decoding can start at the picture.
    ///   - isRecoveryPoint: the encoder says that pictures get right from there on.
    ///   - isConfigured: how it is coded is known.
    ///   - arrivalMicroseconds: when it came.
    ///   - limits: how long it is waited for.
    /// - Throws: `noKeyFrame` or `noConfiguration`, where that has been too long.
    mutating func see(
        isSync: Bool,
        isRecoveryPoint: Bool,
        isConfigured: Bool,
        at arrivalMicroseconds: Int64,
        _ limits: LiveSourceConfiguration.Limits
    ) throws(LiveSourceError) {
        let step = arrivalMicroseconds - (lastMicroseconds ?? arrivalMicroseconds)
        lastMicroseconds = arrivalMicroseconds
        if isSync {
            (hasBegun, waitedMicroseconds, recoveryPoints) = (true, 0, 0)
            return
        }
        waitedMicroseconds += max(0, min(step, Self.longestStep))
        recoveryPoints += isRecoveryPoint ? 1 : 0
        // Key frames that are merely rare are the encoder's own business.
        let isHopeless = !hasBegun || recoveryPoints >= limits.recoveryPoints
        guard isHopeless, waitedMicroseconds > limits.keyFrameMicroseconds else { return }
        let seconds = Int(limits.keyFrameMicroseconds / 1_000_000)
        guard isConfigured else { throw .noConfiguration(seconds: seconds) }
        throw .noKeyFrame(seconds: seconds, hasRecoveryPoints: recoveryPoints > 0)
    }
}
