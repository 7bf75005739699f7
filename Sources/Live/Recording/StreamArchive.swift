package import MediaHTTP
package import NIOCore
import NIOPosix
package import Segmenting
import Synchronization

/// A stream's recording and rewind window.
///
/// The publisher's thread puts work into a queue; a thread of the store's does it in batches; event
/// loops look up in the window what is done. So nobody but the store's threads waits for a disk.
package final class StreamArchive: LiveArchive {
    package let streamID: String
    private let surroundings: RecordingSurroundings
    private let threads: NIOThreadPool
    private let window: SharedWindow
    private let queue = Mutex(ArchiveQueue())
    /// Taken out while a thread works with it, so that no disk is waited for under the lock.
    private let writer: Mutex<ArchiveWriter?>
    private let told = Mutex(RecordingStatus())

    init(
        streamID: String,
        surroundings: RecordingSurroundings,
        threads: NIOThreadPool,
        finished: @escaping @Sendable (FinishedRecording) -> Void,
        wrote: @escaping @Sendable (_ id: String, _ bytes: UInt64) -> Void
    ) {
        self.streamID = streamID
        self.surroundings = surroundings
        self.threads = threads
        window = SharedWindow(
            windowMicroseconds: surroundings.configuration.rewindMicroseconds,
            endedAt: surroundings.now()
        )
        writer = Mutex(
            ArchiveWriter(
                streamID: streamID,
                surroundings: surroundings,
                window: window,
                finished: finished,
                wrote: wrote
            )
        )
    }

    /// Takes in what a restart found of earlier publishes; before anything else.
    func restore(_ publishes: [RestoredPublish]) {
        writer.withLock { $0?.restore(publishes) }
    }

    package var status: RecordingStatus {
        var status = told.withLock { $0 }
        queue.withLock { queue in
            status.queuedBytes = queue.waitingBytes
            status.lostParts += queue.refusedParts
        }
        status.windowMemoryBytes = window.read { $0.memoryBytes }
        return status
    }

    /// Whether nothing of the stream is kept any more, and nothing comes.
    var isIdle: Bool {
        window.withTexts { $0.endedAt != nil && $0.window.publishes.isEmpty }
    }

    // MARK: From the publisher's thread

    package func begin(
        token: String,
        startMicroseconds: Int64,
        continuation: LiveContinuation
    ) {
        window.withTexts { state in
            state.endedAt = nil
            state.playlists = [:]
            state.multivariant = nil
        }
        add(.begin(token: token, startMicroseconds: startMicroseconds))
    }

    package func receive(_ action: SegmenterAction, bytes: ByteBuffer?) {
        switch action {
        case .initialization(let initialization): add(.initialization(initialization))
        case .segmentBegan(let start): add(.segmentBegan(start))
        case .segmentEnded(let end): add(.segmentEnded(end))
        case .part(let part):
            let archived = ArchivedPart(
                track: part.track,
                segmentNumber: part.segmentNumber,
                index: part.index,
                descriptionIndexOffset: part.descriptionIndexOffset,
                durationTicks: part.duration,
                bytes: bytes ?? ByteBuffer(bytes: part.header + part.payload)
            )
            add(.part(archived))
        // Said by the live playlists alone.
        case .lowLatency, .event: break
        }
    }

    package func end() {
        let now = surroundings.now()
        window.withTexts { $0.endedAt = now }
        add(.end)
    }

    /// Lets go of what the wall clock has left behind; from time to time, where nobody publishes.
    func sweep() {
        add(.sweep)
    }

    /// Calls back, on a thread of the store's, when all that was told before is on the disk.
    package func whenWritten(_ done: @escaping @Sendable () -> Void) {
        add(.fence(done))
    }

    // MARK: On the store's threads

    private func add(_ work: ArchiveWork) {
        guard queue.withLock({ $0.add(work) }) else { return }
        // Where the threads are being stopped, what waits is written all the same.
        threads.submit { [self] _ in drain() }
    }

    private func drain() {
        guard var writer = writer.withLock({ $0.take() }) else { return }
        while true {
            let batch = queue.withLock { queue -> [ArchiveWork] in
                let batch = queue.take()
                // Put back before anybody else may be told to work.
                if batch.isEmpty { self.writer.withLock { $0 = writer } }
                return batch
            }
            if batch.isEmpty { return }
            writer.perform(batch)
            let status = writer.status
            told.withLock { $0 = status }
        }
    }
}

// MARK: - From any thread

extension StreamArchive {
    package func segment(token: String, track: LiveTrackID, number: UInt64) -> StoredBody? {
        let found = window.read { $0.tracks[track]?.find(token: token, number: number) }
        guard let found, let file = found.run.file, !found.segment.isGap else { return nil }
        return file.body(
            offsetBytes: found.segment.offsetBytes,
            sizeBytes: UInt64(found.segment.sizeBytes)
        )
    }

    package func part(
        token: String,
        track: LiveTrackID,
        number: UInt64,
        index: Int
    ) -> StoredBody? {
        let found = window.read {
            $0.tracks[track]?.part(token: token, number: number, index: index)
        }
        guard let (file, bytes) = found else { return nil }
        return file.body(
            offsetBytes: bytes.lowerBound,
            sizeBytes: bytes.upperBound - bytes.lowerBound
        )
    }

    package func initialization(token: String, track: LiveTrackID, number: Int) -> ByteBuffer? {
        window.read { $0.initialization(token: token, track: track, number: number) }
    }

    package func rewindPlaylist(_ track: LiveTrackID) -> CompressibleText? {
        let (configuration, rendering) = (surroundings.configuration, surroundings.rendering)
        guard configuration.rewindMicroseconds > 0 else { return nil }
        let now = surroundings.now()
        if isLong(track, clip: nil) { prepareText(track) }
        return window.withTexts { state in
            state.endTexts(now, grace: configuration.graceMicroseconds)
            if let ready = state.playlists[track] { return ready }
            let buffer = state.window.playlist(
                track,
                isEnded: state.isTextEnded,
                targetDurationSeconds: configuration.targetDurationSeconds,
                rendering: rendering
            )
            guard let buffer else { return nil }
            let text = CompressibleText(buffer: buffer)
            state.playlists[track] = text
            return text
        }
    }

    /// Writes a track's lines without holding the lock: of four hours that takes 10 ms.
    private func prepareText(_ id: LiveTrackID) {
        let rendering = surroundings.rendering
        guard let track = window.read({ $0.tracks[id] }), track.text == nil else { return }
        var text = RewindText()
        let sequences = track.listedSequence..<track.endSequence
        track.forEachListed(sequences) { text.append($0, rendering) }
        let written = text
        window.note { $0.adopt(written, of: id, sequences, rendering) }
    }

    package func isLong(_ track: LiveTrackID?, clip: RewindClip?) -> Bool {
        guard let track else { return false }
        return window.read { window in
            guard let found = window.tracks[track] else { return false }
            return found.listedCount > RecordingLimits.segmentsWrittenAtOnce
                && (clip != nil || found.text == nil)
        }
    }

    package func perform(_ work: @escaping @Sendable () -> Void) {
        threads.submit { _ in work() }
    }

    package func livePresentation(
        lastingMicroseconds: Int64,
        lowLatency: LowLatencyOffer
    ) -> LivePresentation? {
        let seconds = surroundings.configuration.targetDurationSeconds
        return window.read { window in
            window.livePresentation(
                lastingMicroseconds: lastingMicroseconds,
                targetDurationSeconds: seconds,
                lowLatency: lowLatency
            )
        }
    }

    package func rewindMultivariant() -> CompressibleText? {
        let (configuration, rendering) = (surroundings.configuration, surroundings.rendering)
        guard configuration.rewindMicroseconds > 0 else { return nil }
        let now = surroundings.now()
        return window.withTexts { state in
            state.endTexts(now, grace: configuration.graceMicroseconds)
            if let ready = state.multivariant { return ready }
            let presentation = state.window.presentation(
                isEnded: state.isTextEnded,
                targetDurationSeconds: configuration.targetDurationSeconds
            )
            guard let presentation else { return nil }
            let text = CompressibleText(bytes: rendering.multivariant(presentation))
            state.multivariant = text
            return text
        }
    }

    package func clip(_ track: LiveTrackID?, _ clip: RewindClip) -> CompressibleText? {
        if let track { clipPlaylist(track, clip: clip) } else { clipMultivariant(clip) }
    }

    package var facts: LiveArchiveFacts {
        let status = status
        var facts = LiveArchiveFacts()
        facts.recordingID = status.id
        facts.isComplete = status.isComplete && status.lostParts == 0
        facts.problem = status.problem
        let whole = RewindClip(start: nil, end: nil)
        if let times = window.read({ $0.times(of: whole) }) {
            facts.rewindMicroseconds = times.upperBound - times.lowerBound
        }
        return facts
    }

    /// Wall time of the window's end; nil where it has no media.
    var windowEndMicroseconds: Int64? {
        let whole = RewindClip(start: nil, end: nil)
        return window.read { $0.times(of: whole) }?.upperBound
    }

    /// A playlist of a part of the window; nil where the window has nothing of it.
    package func clipPlaylist(_ track: LiveTrackID, clip: RewindClip) -> CompressibleText? {
        let (configuration, rendering) = (surroundings.configuration, surroundings.rendering)
        guard configuration.rewindMicroseconds > 0 else { return nil }
        let window = window.read { $0 }
        return window.clipPlaylist(
            track,
            clip: clip,
            targetDurationSeconds: configuration.targetDurationSeconds,
            rendering: rendering
        ).map { CompressibleText(buffer: $0) }
    }

    /// The same of some part of a track by its wall times or seconds from the window's start.
    package func clipPlaylist(
        track: LiveTrackID,
        start: RewindClip.Time?,
        end: RewindClip.Time?
    ) -> CompressibleText? {
        clipPlaylist(track, clip: RewindClip(start: start, end: end))
    }

    /// The multivariant playlist of a clip: it refers to media playlists by wall times, so that
    /// they mean the same while the window slides.
    package func clipMultivariant(_ clip: RewindClip) -> CompressibleText? {
        guard let times = window.read({ $0.times(of: clip) }), let whole = rewindMultivariant()
        else {
            return nil
        }
        let query = ".m3u8" + RewindClip.query(times)
        let bytes = Array(whole.identity.readableBytesView)
            .replacing(Array(".m3u8\"".utf8), with: Array((query + "\"").utf8))
            .replacing(Array(".m3u8\n".utf8), with: Array((query + "\n").utf8))
        return CompressibleText(bytes: bytes)
    }
}

extension SharedWindow.State {
    /// Makes texts say the end, once nobody has published for a while.
    fileprivate mutating func endTexts(_ now: Int64, grace: Int64) {
        let isEnded = endedAt.map { now - $0 >= grace } ?? false
        guard isEnded != isTextEnded else { return }
        isTextEnded = isEnded
        playlists = [:]
        multivariant = nil
    }
}
