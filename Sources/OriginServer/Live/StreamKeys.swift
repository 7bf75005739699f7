import Cryptography
package import Live
import Segmenting

/// Who may publish, from the configuration; where no keys are configured, a key is its stream's id.
package struct StreamKeys: PublishAuthority {
    private let keys: [OriginConfiguration.StreamKey]
    /// Asked about keys that are not configured.
    private let next: (any PublishAuthority)?

    /// - Parameters:
    ///   - keys: the configured ones.
    ///   - next: decides about all other keys; where there is none they are unknown.
    package init(keys: [OriginConfiguration.StreamKey], next: (any PublishAuthority)? = nil) {
        self.keys = keys
        self.next = next
    }

    package func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal> {
        if let found = configured(attempt.key) {
            return .success(
                PublishGrant(streamID: found.streamID, role: found.isBackup ? .backup : .primary)
            )
        }
        if let next { return next.decide(attempt) }
        guard keys.isEmpty, LiveAddress.isStreamID(attempt.key) else {
            return .failure(.unknownKey)
        }
        return .success(PublishGrant(streamID: attempt.key))
    }

    /// All keys are compared, each in constant time: how long it takes tells nothing of them.
    private func configured(_ key: String) -> OriginConfiguration.StreamKey? {
        let bytes = Array(key.utf8)
        var found: OriginConfiguration.StreamKey?
        for candidate in keys {
            if ConstantTime.isEqual(Array(candidate.key.utf8).span, bytes.span) {
                found = candidate
            }
        }
        return found
    }
}
