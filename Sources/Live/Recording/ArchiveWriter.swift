import Logging

/// What a thread of the store's does for one stream: the publish that goes on, and what is left of
/// those before.
struct ArchiveWriter: Sendable {
    let streamID: String
    private let surroundings: RecordingSurroundings
    private let window: SharedWindow
    private let finished: @Sendable (FinishedRecording) -> Void
    private let wrote: @Sendable (_ id: String, _ bytes: UInt64) -> Void
    private var current: PublishRecording?
    /// Publishes that have ended and whose folders are there still.
    private var kept: [Kept] = []
    private(set) var status = RecordingStatus()

    private struct Kept: Sendable {
        var token: String
        var places: RecordingPlaces
        /// Not a video yet: what failed is tried again.
        var unfinished: RecordingFinish?
        var isVideo: Bool
    }

    init(
        streamID: String,
        surroundings: RecordingSurroundings,
        window: SharedWindow,
        finished: @escaping @Sendable (FinishedRecording) -> Void,
        wrote: @escaping @Sendable (_ id: String, _ bytes: UInt64) -> Void
    ) {
        self.streamID = streamID
        self.surroundings = surroundings
        self.window = window
        self.finished = finished
        self.wrote = wrote
    }

    mutating func restore(_ publishes: [RestoredPublish]) {
        let rendering = surroundings.rendering
        for publish in publishes {
            window.change { publish.replay(into: &$0, rendering: rendering) }
            kept.append(
                Kept(token: publish.token, places: publish.places, isVideo: publish.isVideo)
            )
        }
        removeFolders()
    }

    mutating func perform(_ batch: [ArchiveWork]) {
        var fences: [@Sendable () -> Void] = []
        for work in batch {
            switch work {
            case .begin(let token, let start): begin(token: token, startMicroseconds: start)
            case .initialization(let initialization): current?.add(initialization)
            case .segmentBegan(let start): current?.begin(start)
            case .part(let part): current?.write(part)
            case .segmentEnded(let end): current?.end(end)
            case .end: endCurrent()
            case .sweep: sweep()
            case .fence(let done): fences.append(done)
            }
        }
        current?.flush()
        if let current {
            status.isComplete = current.isComplete
            status.problem = current.failure?.description ?? ""
            status.lostParts = current.lostParts
            if status.writtenBytes != current.writtenBytes {
                status.writtenBytes = current.writtenBytes
                wrote(current.places.id, current.writtenBytes)
            }
        }
        for done in fences { done() }
    }

    // MARK: Publishes

    private mutating func begin(token: String, startMicroseconds: Int64) {
        endCurrent()
        removeFolders()
        let places = places(startMicroseconds)
        current = PublishRecording(
            places: places,
            token: token,
            startMicroseconds: startMicroseconds,
            surroundings: surroundings,
            window: window
        )
        status = RecordingStatus()
        status.id = places.id
        status.isRecording = surroundings.configuration.isOn
    }

    /// Places that no other recording has.
    private func places(_ startMicroseconds: Int64) -> RecordingPlaces {
        let id = RecordingName.id(streamID: streamID, startMicroseconds: startMicroseconds)
        var places: RecordingPlaces
        var count = 1
        repeat {
            places = RecordingPlaces(
                streamID: streamID,
                id: count == 1 ? id : "\(id)-\(count)",
                configuration: surroundings.configuration,
                isSplit: surroundings.isSplit
            )
            count += 1
        } while count < RecordingLimits.sameNames
            && (Folder.exists(places.folder) || Folder.exists(places.libraryFolder))
        return places
    }

    private mutating func endCurrent() {
        guard var publish = current else { return }
        current = nil
        let (files, readers) = publish.close()
        status.isRecording = false
        var kept = Kept(token: publish.token, places: publish.places, isVideo: false)
        if surroundings.configuration.isOn {
            kept.unfinished = RecordingFinish(
                places: publish.places,
                files: files,
                readers: readers,
                endedMicroseconds: surroundings.now(),
                isComplete: publish.isComplete,
                configuration: surroundings.configuration
            )
            finish(&kept)
        }
        self.kept.append(kept)
    }

    private mutating func finish(_ kept: inout Kept) {
        guard let work = kept.unfinished else { return }
        do throws(RecordingError) {
            let video = try work.run()
            kept.unfinished = nil
            kept.isVideo = video != nil
            if let video { finished(video) }
        } catch {
            status.problem = "\(error)"
            surroundings.logger.error(
                "a recording is not a video yet",
                metadata: ["recording": "\(kept.places.id)", "error": "\(error)"]
            )
        }
    }

    // MARK: Time goes by

    private mutating func sweep() {
        for index in kept.indices where kept[index].unfinished != nil {
            var again = kept[index]
            finish(&again)
            kept[index] = again
        }
        let now = surroundings.now()
        window.change { window in
            _ = window.slide(to: max(now, window.endMicroseconds))
            if !window.hasSegments { window.forgetEndedPublishes() }
        }
        removeFolders()
    }

    /// Removes what is only kept for a window that has gone on.
    private mutating func removeFolders() {
        let window = window
        kept.removeAll { kept in
            let isHeld = window.read { $0.holds(token: kept.token) }
            guard !isHeld, kept.unfinished == nil else { return false }
            Folder.removeFile(kept.places.journal)
            if !kept.isVideo {
                Folder.remove(kept.places.mediaFolder)
                Folder.remove(kept.places.folder)
            }
            return true
        }
    }
}
