import ISOBMFF
import Segmenting

/// A publish as a restart finds it: its journal up to where that and the files are good.
struct RestoredPublish: Sendable {
    let places: RecordingPlaces
    private(set) var token = ""
    private(set) var startMicroseconds: Int64 = 0
    /// The publisher said that it ends; else a crash did.
    private(set) var isEnded = false
    private(set) var records: [JournalRecord] = []
    /// Of all tracks, by track and generation.
    private(set) var files: [RecordedTrack] = []
    /// When the newest segment ended, microseconds since 1970; the start where none did.
    private(set) var endMicroseconds: Int64 = 0
    var isVideo = false
    /// Where the media are, `files` by name.
    var readers: [RecordedFile?] = []
    private(set) var entryNumbers: [FormatKey: (file: Int, entryNumber: Int)] = [:]
    private var openFormats: [LiveTrackID: SegmentStart] = [:]

    struct FormatKey: Hashable {
        let track: LiveTrackID
        let number: Int
    }

    /// Reads a journal; blocks.
    ///
    /// - Throws: `RecordingError.damagedJournal` where it says nothing of use.
    init(_ places: RecordingPlaces, mediaFolder: String?) throws(RecordingError) {
        self.places = places
        guard
            let bytes = Folder.read(places.journal, limitBytes: RecordingLimits.journalBytes),
            var reader = JournalReader(bytes)
        else {
            throw .damagedJournal(path: places.journal)
        }
        while let record = reader.next(), apply(record, mediaFolder) { records.append(record) }
        guard !token.isEmpty else { throw .damagedJournal(path: places.journal) }
    }

    /// - Returns: false where the files do not have what the record tells of.
    private mutating func apply(_ record: JournalRecord, _ mediaFolder: String?) -> Bool {
        switch record {
        case .began(let token, let start):
            (self.token, startMicroseconds, endMicroseconds) = (token, start, start)
        case .format(let format):
            return apply(format)
        case .segmentBegan(let start):
            openFormats[start.track] = start
        case .part(let part):
            guard let start = openFormats[part.track],
                let format = entryNumbers[
                    FormatKey(track: part.track, number: start.initializationNumber)
                ]
            else { return false }
            if let mediaFolder {
                let path = mediaFolder + "/" + files[format.file].fileName
                let size = Folder.fileSizeBytes(path) ?? 0
                guard part.offsetBytes + UInt64(part.sizeBytes) <= size else { return false }
            }
            files[format.file].add(part, entryNumber: format.entryNumber)
        case .segmentEnded(let end, _):
            guard let start = openFormats.removeValue(forKey: end.track),
                let format = entryNumbers[
                    FormatKey(track: end.track, number: start.initializationNumber)
                ]
            else { return true }
            let timescale = Int64(files[format.file].header.timescale)
            guard timescale > 0 else { return false }
            let duration = end.duration / timescale * 1_000_000
            endMicroseconds = max(endMicroseconds, start.programDateTime + duration)
        case .ended:
            isEnded = true
        }
        return true
    }

    private mutating func apply(_ format: JournalFormat) -> Bool {
        let place = files.firstIndex {
            $0.track.id == format.track && $0.generation == format.generation
        }
        if let place {
            guard let number = try? files[place].header.add(format.bytes) else { return false }
            entryNumbers[FormatKey(track: format.track, number: format.number)] = (place, number)
        } else {
            guard let header = try? RecordingHeader(format.bytes), let track = format.liveTrack
            else { return false }
            let file = RecordedTrack(
                track: track,
                generation: format.generation,
                header: header
            )
            files.append(file)
            entryNumbers[FormatKey(track: format.track, number: format.number)] =
                (files.count - 1, 1)
        }
        return true
    }

    /// Cuts files to what is known of them: behind it lies at most a part that was being written.
    func cutFiles(in mediaFolder: String) throws(RecordingError) {
        for file in files {
            let path = mediaFolder + "/" + file.fileName
            guard Folder.fileSizeBytes(path) != nil else { continue }
            try WritableFile(path).truncate(to: file.endBytes)
        }
    }
}

extension JournalFormat {
    /// The track that the init segment describes; nil where it describes none.
    ///
    /// The reader wants samples, so it gets a fragment with one.
    var liveTrack: LiveTrack? {
        let fragment = MovieFragment(
            sequenceNumber: 1,
            baseMediaDecodeTime: 0,
            sizesBytes: [1],
            durations: [1]
        )
        let source = MemoryByteSource(bytes + fragment.header() + [0])
        guard let movie = try? MovieReader.read(source), let found = movie.tracks.first,
            let entry = found.sampleEntries.first
        else {
            return nil
        }
        return LiveTrack(
            id: track,
            timescale: found.timescale,
            sampleEntry: entry,
            frameDuration: frameDuration,
            language: language,
            label: label,
            hasCaptions: hasCaptions,
            declaredBitrate: declaredBitrate
        )
    }
}
