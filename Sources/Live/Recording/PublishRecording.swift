import Logging
import NIOCore
import Segmenting

/// One publish on its way to the disk; on one writer's thread at a time, and blocks.
///
/// Parts go to the end of their track's file first, then the journal tells of them, then the window
/// finds them. A part that cannot be written makes its segment a gap of the window and the recording
/// incomplete; the next segment tries again. Nothing of that reaches the publisher.
struct PublishRecording: Sendable {
    let places: RecordingPlaces
    let token: String
    private let startMicroseconds: Int64
    private let surroundings: RecordingSurroundings
    private let window: SharedWindow
    private var journal: Journal?
    private var tracks: [LiveTrackID: Writing] = [:]
    /// Why the newest attempt failed, nil while all is well.
    private(set) var failure: RecordingError?
    private(set) var lostParts = 0
    private(set) var writtenBytes: UInt64 = 0

    /// One track while it is written.
    private struct Writing: Sendable {
        /// All there were, in order; the last one may have no file yet.
        var initializations: [LiveInitialization] = []
        var files: [RecordedTrack] = []
        /// Of each of `files`.
        var readers: [RecordedFile] = []
        /// Of the newest of them.
        var writer: WritableFile?
        /// Which sample entry of the newest file parts of an init segment have.
        var entryNumbers: [Int: Int] = [:]
        var open: Open?
        var punchedBytes: UInt64 = 0

        var file: RecordedFile? { readers.last }
    }

    /// The segment that parts come for.
    private struct Open: Sendable {
        var start: SegmentStart
        var nextIndex = 0
        var isLost: Bool
    }

    init(
        places: RecordingPlaces,
        token: String,
        startMicroseconds: Int64,
        surroundings: RecordingSurroundings,
        window: SharedWindow
    ) {
        self.places = places
        self.token = token
        self.startMicroseconds = startMicroseconds
        self.surroundings = surroundings
        self.window = window
        window.change { $0.begin(token: token) }
    }

    // MARK: What the segmenter told

    mutating func add(_ initialization: LiveInitialization) {
        let id = initialization.track.id
        window.change { $0.add(initialization) }
        tracks[id, default: Writing()].initializations.append(initialization)
        attempt { recording throws(RecordingError) in try recording.open(id) }
    }

    mutating func begin(_ start: SegmentStart) {
        let id = start.track
        let isReady = attempt { recording throws(RecordingError) in try recording.open(id) }
        guard let track = tracks[id] else { return }
        let isKnown = track.entryNumbers[start.initializationNumber] != nil
        let file = isReady && isKnown ? track.file : nil
        tracks[id]?.open = Open(start: start, isLost: file == nil)
        journal?.append(.segmentBegan(start))
        let end = track.files.last?.endBytes ?? 0
        window.note { $0.segmentBegan(start, file: file, offsetBytes: end) }
    }

    mutating func write(_ part: ArchivedPart) {
        guard let open = tracks[part.track]?.open, open.start.number == part.segmentNumber else {
            return lose(part)
        }
        guard !open.isLost, open.nextIndex == part.index else { return lose(part) }
        tracks[part.track]?.open?.nextIndex += 1
        let isWritten = attempt { recording throws(RecordingError) in try recording.append(part) }
        if !isWritten { lose(part) }
    }

    mutating func end(_ end: SegmentEnd) {
        guard let open = tracks[end.track]?.open, open.start.number == end.number else { return }
        tracks[end.track]?.open = nil
        journal?.append(.segmentEnded(end, isGap: open.isLost || open.nextIndex == 0))
        if surroundings.configuration.sync == .everySegment {
            attempt { recording throws(RecordingError) in
                try recording.tracks[end.track]?.writer?.sync()
                try recording.journal?.sync()
            }
        }
        let rendering = surroundings.rendering
        let released = window.change { $0.segmentEnded(end, rendering: rendering) }
        if !surroundings.configuration.isOn { punch(released) }
    }

    private mutating func lose(_ part: ArchivedPart) {
        lostParts += 1
        tracks[part.track]?.open?.isLost = true
        window.note { $0.partLost(part.track) }
    }

    // MARK: The disk

    /// Tells what was written to the journal; called behind every batch.
    mutating func flush() {
        attempt { recording throws(RecordingError) in try recording.journal?.flush() }
    }

    /// Does what may fail; a failure is told once, when it begins and when it is over.
    @discardableResult
    private mutating func attempt(
        _ work: (inout PublishRecording) throws(RecordingError) -> Void
    ) -> Bool {
        do throws(RecordingError) {
            try work(&self)
            return true
        } catch {
            if failure != error {
                surroundings.logger.error(
                    "a recording is not complete",
                    metadata: ["recording": "\(places.id)", "error": "\(error)"]
                )
            }
            failure = error
            return false
        }
    }

    /// Makes sure that the newest format of a track has a file, and the publish a journal.
    private mutating func open(_ id: LiveTrackID) throws(RecordingError) {
        if journal == nil {
            guard tracks.values.allSatisfy({ $0.files.isEmpty }) else { return }
            try Folder.make(places.folder)
            try Folder.make(places.mediaFolder)
            journal = try Journal(creating: places.journal, fault: surroundings.fault)
            journal?.append(.began(token: token, startMicroseconds: startMicroseconds))
        }
        guard let track = tracks[id] else { return }
        for initialization in track.initializations
        where tracks[id]?.entryNumbers[initialization.number] == nil {
            try open(initialization)
        }
    }

    private mutating func open(_ initialization: LiveInitialization) throws(RecordingError) {
        let id = initialization.track.id
        guard var track = tracks[id] else { return }
        if var last = track.files.last, let writer = track.writer,
            let number = try last.header.add(initialization.bytes)
        {
            try writer.write(last.header.bytes, at: 0)
            track.files[track.files.count - 1] = last
            track.entryNumbers[initialization.number] = number
        } else {
            let header = try RecordingHeader(initialization.bytes)
            let file = RecordedTrack(
                track: initialization.track,
                generation: track.files.count + 1,
                header: header
            )
            let path = places.mediaFolder + "/" + file.fileName
            let writer = try WritableFile(path, fault: surroundings.fault)
            try writer.write(header.bytes, at: 0)
            track.readers.append(
                try RecordedFile(opening: path, headerBytes: header.sizeBytes)
            )
            track.writer = writer
            track.files.append(file)
            track.entryNumbers = [initialization.number: 1]
        }
        tracks[id] = track
        guard let file = track.files.last,
            let entryNumber = track.entryNumbers[initialization.number]
        else { return }
        journal?.append(
            .format(
                JournalFormat(
                    initialization,
                    generation: file.generation,
                    entryNumber: entryNumber,
                    headerBytes: file.header.sizeBytes
                )
            )
        )
    }

    private mutating func append(_ part: ArchivedPart) throws(RecordingError) {
        guard let track = tracks[part.track], let open = track.open, let writer = track.writer,
            let file = track.files.last,
            let entryNumber = track.entryNumbers[open.start.initializationNumber]
        else { return }
        // A part that the journal cannot tell of would not outlive a restart.
        if let failure, unwritten > RecordingLimits.unwrittenJournalBytes { throw failure }
        let offset = file.endBytes
        do throws(RecordingError) {
            try writer.write(part.bytes, at: offset)
        } catch {
            // Half a part must not stand before the next one.
            try? writer.truncate(to: offset)
            throw error
        }
        let written = JournalPart(
            track: part.track,
            segmentNumber: part.segmentNumber,
            offsetBytes: offset,
            sizeBytes: UInt32(part.bytes.readableBytes),
            index: UInt32(part.index),
            descriptionIndexOffset: UInt32(clamping: part.descriptionIndexOffset),
            durationTicks: UInt32(clamping: part.durationTicks)
        )
        tracks[part.track]?.files[track.files.count - 1].add(written, entryNumber: entryNumber)
        journal?.append(.part(written))
        writtenBytes += UInt64(part.bytes.readableBytes)
        let end = offset + UInt64(part.bytes.readableBytes)
        window.note { $0.partWritten(part.track, endBytes: end) }
    }

    private var unwritten: Int { journal?.unwrittenBytes ?? 0 }

    /// Gives back what lies behind the window, where nothing is recorded.
    private mutating func punch(_ released: [(file: RecordedFile, endBytes: UInt64)]) {
        for (file, endBytes) in released {
            guard let (id, track) = tracks.first(where: { $0.value.file === file }),
                endBytes >= track.punchedBytes + RecordingLimits.punchBytes
            else { continue }
            let start = max(track.punchedBytes, UInt64(file.headerBytes))
            track.writer?.punch(offsetBytes: start, sizeBytes: endBytes - start)
            tracks[id]?.punchedBytes = endBytes
        }
    }

    // MARK: The end

    /// Closes the journal.
    ///
    /// - Returns: what is to be finished, and who still reads it.
    mutating func close() -> (files: [RecordedTrack], readers: [RecordedFile]) {
        journal?.append(.ended)
        flush()
        let newest = tracks.sorted { $0.key < $1.key }.map(\.value)
        var files: [RecordedTrack] = []
        var readers: [RecordedFile] = []
        for track in newest {
            files += track.files
            readers += track.readers
        }
        tracks = [:]
        journal = nil
        return (files, readers)
    }

    var isComplete: Bool { failure == nil && lostParts == 0 }
}

extension JournalFormat {
    init(
        _ initialization: LiveInitialization,
        generation: Int,
        entryNumber: Int,
        headerBytes: Int
    ) {
        let track = initialization.track
        self.init(
            track: track.id,
            number: initialization.number,
            generation: generation,
            entryNumber: entryNumber,
            headerBytes: headerBytes,
            frameDuration: track.frameDuration,
            hasCaptions: track.hasCaptions,
            declaredBitrate: track.declaredBitrate,
            language: track.language,
            label: track.label,
            bytes: initialization.bytes
        )
    }
}
