import Cryptography
package import Live
import Segmenting
import Synchronization

/// Who may publish, from the configuration; where no keys are configured, a key is its stream's id.
package final class StreamKeys: PublishAuthority {
    private let keys: Mutex<[OriginConfiguration.StreamKey]>
    /// Asked about keys that are not configured.
    private let next: (any PublishAuthority)?

    /// - Parameters:
    ///   - keys: the configured ones.
    ///   - next: decides about all other keys; where there is none they are unknown.
    package init(keys: [OriginConfiguration.StreamKey], next: (any PublishAuthority)? = nil) {
        self.keys = Mutex(keys)
        self.next = next
    }

    /// Takes other keys from now on.
    ///
    /// - Returns: streams that somebody may be publishing with a key that no longer opens them; nil
    ///   where that may be any.
    func replace(_ newKeys: [OriginConfiguration.StreamKey]) -> Set<String>? {
        let oldKeys = keys.withLock { keys in
            defer { keys = newKeys }
            return keys
        }
        guard !oldKeys.isEmpty else { return newKeys.isEmpty ? [] : nil }
        return Set(oldKeys.filter { !newKeys.contains($0) }.map(\.streamID))
    }

    package func decide(_ attempt: PublishAttempt) -> Result<PublishGrant, PublishRefusal> {
        let keys = keys.withLock { $0 }
        if let found = Self.configured(attempt.key, among: keys) {
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
    private static func configured(
        _ key: String,
        among keys: [OriginConfiguration.StreamKey]
    ) -> OriginConfiguration.StreamKey? {
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
