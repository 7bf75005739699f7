package import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Recordings and rewind windows of all streams: their threads, their quota, and what a restart
/// finds.
package final class RecordingStore: Sendable {
    private let surroundings: RecordingSurroundings
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    private struct State: Sendable {
        var archives: [String: StreamArchive] = [:]
        var finished: [FinishedRecording] = []
        /// Bytes of recordings that go on, by id.
        var running: [String: UInt64] = [:]
        var checkedBytes: UInt64 = 0

        var totalBytes: UInt64 {
            finished.reduce(0) { $0 + $1.sizeBytes } + running.values.reduce(0, +)
        }
    }

    /// Makes folders and reads what is in them: blocks.
    ///
    /// - Parameters:
    ///   - configuration: what the operator chose.
    ///   - rendering: how playlists are written.
    ///   - logger: for what goes wrong.
    ///   - now: the wall clock, microseconds since 1970.
    ///   - fault: lets writes fail, for tests.
    /// - Throws: `RecordingError.system` where the folders cannot be had.
    package init(
        configuration: RecordingConfiguration,
        rendering: RewindRendering,
        logger: Logger,
        now: @escaping @Sendable () -> Int64,
        fault: RecordingFault? = nil
    ) throws(RecordingError) {
        try Folder.make(configuration.folder)
        try Folder.make(configuration.libraryFolder)
        let isSplit = !Folder.areOnOneFileSystem(
            configuration.folder,
            configuration.libraryFolder
        )
        surroundings = RecordingSurroundings(
            configuration: configuration,
            isSplit: isSplit,
            rendering: rendering,
            now: now,
            fault: fault,
            logger: logger
        )
        threads = NIOThreadPool(numberOfThreads: max(1, configuration.writerThreads))
        threads.start()
        recover()
        enforceBounds()
    }

    /// The archive of a stream, made where there is none; nil where nothing is to be kept.
    package func archive(for streamID: String) -> StreamArchive? {
        let configuration = surroundings.configuration
        guard configuration.isOn || configuration.rewindMicroseconds > 0 else { return nil }
        return state.withLock { state in
            if let archive = state.archives[streamID] { return archive }
            let archive = makeArchive(streamID)
            state.archives[streamID] = archive
            return archive
        }
    }

    /// The archive of a stream that has a window, or a publisher.
    package func existingArchive(for streamID: String) -> StreamArchive? {
        state.withLock { $0.archives[streamID] }
    }

    /// Streams that have a rewind window, and the wall time of its end.
    package var windows: [(streamID: String, endMicroseconds: Int64)] {
        let archives = state.withLock { Array($0.archives.values) }
        return archives.compactMap { archive in
            archive.windowEndMicroseconds.map { (archive.streamID, $0) }
        }
    }

    /// Videos that were recorded here and are there still, oldest first.
    package var finished: [FinishedRecording] {
        state.withLock { $0.finished }.sorted { $0.endedMicroseconds < $1.endedMicroseconds }
    }

    /// Bytes of all recordings, finished or not.
    package var totalBytes: UInt64 { state.withLock { $0.totalBytes } }

    /// Slides windows of streams that nobody publishes, removes what is too old, and tries again
    /// what failed; to be called every minute or so, returns at once.
    package func sweep() {
        let archives = state.withLock { state in
            state.archives = state.archives.filter { !$0.value.isIdle }
            return Array(state.archives.values)
        }
        for archive in archives { archive.sweep() }
        threads.submit { [self] _ in enforceBounds() }
    }

    /// Writes what waits and ends the threads; publishes that go on are finished at the next start.
    package func stop() async {
        try? await threads.shutdownGracefully()
    }

    private func makeArchive(_ streamID: String) -> StreamArchive {
        StreamArchive(
            streamID: streamID,
            surroundings: surroundings,
            threads: threads,
            finished: { [weak self] in self?.note($0) },
            wrote: { [weak self] in self?.note(id: $0, writtenBytes: $1) }
        )
    }

    // MARK: Bounds

    private func note(_ video: FinishedRecording) {
        state.withLock { state in
            state.running[video.id] = nil
            state.finished.append(video)
        }
        surroundings.logger.notice(
            "a recording is a video",
            metadata: ["recording": "\(video.id)", "complete": "\(video.isComplete)"]
        )
        enforceBounds()
    }

    private func note(id: String, writtenBytes: UInt64) {
        guard surroundings.configuration.isOn else { return }
        let isDue = state.withLock { state in
            let before = state.running.updateValue(writtenBytes, forKey: id) ?? 0
            state.checkedBytes += writtenBytes - min(before, writtenBytes)
            guard state.checkedBytes >= RecordingLimits.quotaStepBytes else { return false }
            state.checkedBytes = 0
            return true
        }
        if isDue { enforceBounds() }
    }

    /// Removes the oldest videos that were recorded here until age and quota are kept.
    ///
    /// Blocks.
    private func enforceBounds() {
        let configuration = surroundings.configuration
        let now = surroundings.now()
        let removed = state.withLock { state in
            state.finished.sort { $0.endedMicroseconds < $1.endedMicroseconds }
            var removed: [FinishedRecording] = []
            while let oldest = state.finished.first {
                let isOld =
                    configuration.retentionMicroseconds.map {
                        now - oldest.endedMicroseconds > $0
                    } ?? false
                let isTooMuch = configuration.quotaBytes.map { state.totalBytes > $0 } ?? false
                guard isOld || isTooMuch else { break }
                removed.append(state.finished.removeFirst())
            }
            return removed
        }
        for video in removed { remove(video) }
    }

    private func remove(_ video: FinishedRecording) {
        let places = RecordingPlaces(
            streamID: video.streamID,
            id: video.id,
            configuration: surroundings.configuration,
            isSplit: surroundings.isSplit
        )
        for name in video.files { Folder.removeFile(places.libraryFolder + "/" + name) }
        Folder.removeEmpty(places.libraryFolder)
        Folder.removeFile(places.summary)
        // The journal stays for a window that still shows what is open.
        if Folder.fileSizeBytes(places.journal) == nil { Folder.removeEmpty(places.folder) }
        surroundings.logger.notice(
            "a recording was removed",
            metadata: ["recording": "\(video.id)"]
        )
    }

    // MARK: After a restart

    private func recover() {
        for streamID in Folder.names(in: surroundings.configuration.folder) {
            let recovery = StreamRecovery(streamID: streamID, surroundings: surroundings)
            let found = recovery.run()
            guard !found.finished.isEmpty || !found.publishes.isEmpty else { continue }
            let archive = found.publishes.isEmpty ? nil : makeArchive(streamID)
            archive?.restore(found.publishes)
            state.withLock { state in
                state.finished += found.finished
                state.archives[streamID] = archive
            }
        }
    }
}
