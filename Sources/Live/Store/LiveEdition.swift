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
        case manifest(LiveDASHAddressing)
        case playlist(LiveTrackID, LiveSkip)
    }

    package let presentation: LivePresentation
    private let timeline: LiveDASHTimeline
    private let windowMicroseconds: Int64
    private let rendering: any LiveRendering
    private let texts = Mutex<[Text: CompressibleText]>([:])

    init(
        _ presentation: LivePresentation,
        timeline: LiveDASHTimeline,
        windowMicroseconds: Int64,
        rendering: any LiveRendering
    ) {
        self.presentation = presentation
        self.timeline = timeline
        self.windowMicroseconds = windowMicroseconds
        self.rendering = rendering
    }

    package var multivariant: CompressibleText {
        text(.multivariant) { rendering.multivariant(presentation) }
    }

    /// Empty while there is nothing to tell.
    package func manifest(_ addressing: LiveDASHAddressing) -> CompressibleText {
        text(.manifest(addressing)) {
            let facts = LiveManifestFacts(
                timeline: timeline,
                addressing: addressing,
                windowMicroseconds: windowMicroseconds
            )
            return rendering.manifest(presentation, facts: facts) ?? []
        }
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
