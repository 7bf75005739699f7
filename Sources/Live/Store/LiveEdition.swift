package import MediaHTTP
package import Segmenting
import Synchronization

/// A presentation between two changes, with the texts made of it; shared by all who ask.
///
/// From any thread. A text is made when it is first asked for, outside the lock; when two make it at
/// once, the first one's is kept, so that its gzip form is made once.
package final class LiveEdition: Sendable {
    private enum Text: Hashable {
        case multivariant
        case manifest
        case playlist(LiveTrackID, LiveSkip)
    }

    package let presentation: LivePresentation
    private let facts: LiveManifestFacts
    private let rendering: any LiveRendering
    private let texts = Mutex<[Text: CompressibleText]>([:])

    init(
        _ presentation: LivePresentation,
        facts: LiveManifestFacts,
        rendering: any LiveRendering
    ) {
        self.presentation = presentation
        self.facts = facts
        self.rendering = rendering
    }

    package var multivariant: CompressibleText {
        text(.multivariant) { rendering.multivariant(presentation) }
    }

    package var manifest: CompressibleText {
        text(.manifest) { rendering.manifest(presentation, facts: facts) }
    }

    package func playlist(_ track: LiveTrackID, skip: LiveSkip) -> CompressibleText {
        text(.playlist(track, skip)) {
            rendering.playlist(presentation, track: track, skip: skip)
        }
    }

    private func text(_ key: Text, make: () -> [UInt8]) -> CompressibleText {
        if let ready = texts.withLock({ $0[key] }) { return ready }
        let made = CompressibleText(bytes: make())
        return texts.withLock { texts in
            if let ready = texts[key] { return ready }
            texts[key] = made
            return made
        }
    }
}
