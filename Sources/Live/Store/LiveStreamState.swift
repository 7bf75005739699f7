import MediaHTTP
import NIOCore
import Segmenting

/// What a stream holds, behind its lock: the presentation, the media in memory, who waits.
///
/// Nothing here tells anybody: what is to be done when the lock is open goes into `LiveEffects`.
struct LiveStreamState: Sendable {
    struct InitializationKey: Hashable, Sendable {
        var token: String
        var track: LiveTrackID
        var number: Int
    }

    var presentation: LivePresentation
    /// The periods that DASH players were told.
    var timeline = LiveDASHTimeline()
    /// Splices that are open.
    var splices = DateRangeStateMachine()
    /// Of the presentation as it is; nil until somebody asks.
    var edition: LiveEdition?
    var shelves: [LiveTrackID: SegmentShelf] = [:]
    var initializations: [InitializationKey: ByteBuffer] = [:]
    /// Of the publish whose media is taken.
    var token: String?
    /// Where the next publish goes on.
    var continuation: LiveContinuation
    var waiters = LiveWaiters()
    var isSweepScheduled = false
    var memoryBytes = 0
    var windowMicroseconds: Int64
    var thumbnail: ByteBuffer?
    var statistics = LiveStatistics()

    init(continuation: LiveContinuation, targetDurationSeconds: Int, windowMicroseconds: Int64) {
        presentation = LivePresentation(targetDurationSeconds: targetDurationSeconds)
        self.continuation = continuation
        self.windowMicroseconds = windowMicroseconds
    }

    // MARK: - What a segmenter tells

    mutating func take(
        _ action: SegmenterAction,
        _ bytes: ByteBuffer?,
        _ effects: inout LiveEffects
    ) {
        switch action {
        case .initialization(let header):
            let key = key(header.track.id, header.number)
            initializations[key] = ByteBuffer(bytes: header.bytes)
        case .segmentBegan(let start):
            shelves[start.track, default: SegmentShelf()].begin(start, token: token ?? "")
            continuation.nextSegmentNumber = max(
                continuation.nextSegmentNumber,
                start.number + 1
            )
            continuation.discontinuitySequence = max(
                continuation.discontinuitySequence,
                start.discontinuitySequence
            )
        case .part(let part):
            // One of a gap has none: nothing can be had of it.
            guard let bytes, bytes.readableBytes > 0 else { return }
            memoryBytes += bytes.readableBytes
            shelves[part.track]?.append(bytes, to: part.segmentNumber, &effects.wake)
        case .segmentEnded(let end):
            shelves[end.track]?.complete(end.number, &effects.wake)
        case .lowLatency(.parts(let targetMicroseconds)):
            continuation.partTargetMicroseconds = targetMicroseconds
        case .event(let event, let presentationMicroseconds):
            announce(event, at: presentationMicroseconds)
        case .lowLatency(.none): break
        }
    }

    private mutating func announce(_ event: LiveEvent, at unixMicroseconds: Int64) {
        for range in splices.ranges(for: event, programDateTime: unixMicroseconds) {
            presentation.announce(dateRangeLine: range.line)
        }
    }

    private func key(_ track: LiveTrackID, _ number: Int) -> InitializationKey {
        InitializationKey(token: token ?? "", track: track, number: number)
    }

    /// The presentation has changed: waiters whose condition holds now are let go.
    mutating func changed(_ effects: inout LiveEffects) {
        edition = nil
        guard waiters.count > 0 else { return }
        let facts = LiveFacts(self)
        effects.releases.append(waiters.takeReady { facts.isMet($0) })
    }

    // MARK: - Memory

    /// Forgets what is on disk, and what has left the playlist for as long as it was in it.
    ///
    /// RFC 8216bis §6.2.2: a segment stays to be had for the duration of the longest playlist that
    /// held it.
    mutating func forget(_ archive: (any LiveArchive)?) {
        for track in Array(shelves.keys) {
            let listed = presentation.renditions.first { $0.track.id == track }?.segments ?? []
            let first = listed.first?.number ?? 0
            let keptFrom = first - min(first, UInt64(listed.count))
            let freed = shelves[track]?.forget { entry in
                entry.number < keptFrom
                    || archive?.segment(token: entry.token, track: track, number: entry.number)
                        != nil
            }
            memoryBytes -= freed ?? 0
        }
        forgetInitializations()
    }

    /// Forgets what has come to the disk since its segment ended.
    ///
    /// Looked for at each part: half of a publisher's memory would else be the segment that is
    /// complete.
    mutating func forgetStored(_ archive: (any LiveArchive)?) {
        guard let archive else { return }
        for (track, shelf) in shelves where shelf.entries.count > 1 {
            let freed = shelves[track]?.forget { entry in
                archive.segment(token: entry.token, track: track, number: entry.number) != nil
            }
            memoryBytes -= freed ?? 0
        }
    }

    /// Forgets at once what has left the playlist.
    mutating func forgetUnlisted() {
        for track in Array(shelves.keys) {
            let listed = presentation.renditions.first { $0.track.id == track }?.segments
            guard let first = listed?.first?.number else { continue }
            memoryBytes -= shelves[track]?.forget { $0.number < first } ?? 0
        }
    }

    /// Forgets all that is complete.
    mutating func forgetComplete() {
        for track in Array(shelves.keys) {
            memoryBytes -= shelves[track]?.forget { _ in true } ?? 0
        }
    }

    private mutating func forgetInitializations() {
        let references = presentation.renditions.reduce(0) { $0 + $1.initializations.count }
        guard initializations.count > references else { return }
        var used = Set<InitializationKey>()
        for rendition in presentation.renditions {
            for reference in rendition.initializations {
                used.insert(
                    InitializationKey(
                        token: reference.token,
                        track: rendition.track.id,
                        number: reference.number
                    )
                )
            }
        }
        for (track, shelf) in shelves {
            for entry in shelf.entries {
                used.insert(
                    InitializationKey(
                        token: entry.token,
                        track: track,
                        number: entry.initializationNumber
                    )
                )
            }
        }
        // The newest that was told of a track may not be used yet.
        for (key, _) in initializations where key.token == token {
            let newest = initializations.keys.lazy.filter {
                $0.token == key.token && $0.track == key.track
            }.map(\.number).max()
            if key.number == newest { used.insert(key) }
        }
        initializations = initializations.filter { used.contains($0.key) }
    }
}

/// What is to be done once the lock is open.
struct LiveEffects: Sendable {
    var wake = BodyWake()
    var releases: [LiveRelease] = []

    func perform() {
        wake.perform()
        for release in releases { release.perform() }
    }
}
