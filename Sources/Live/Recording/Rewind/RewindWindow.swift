import ISOBMFF
import NIOCore
import Segmenting

/// What of a stream can be gone back to: complete segments on disk, of all its publishes.
///
/// A value that its owner keeps behind a lock: the writer's thread changes it once bytes are on
/// their way to the disk, everybody else looks things up. Tracks slide in step, by segment numbers.
struct RewindWindow: Sendable {
    /// A publish whose media are in the window, or may be.
    struct Publish: Sendable {
        let token: String
        var initializations: [InitializationKey: Initialization] = [:]
    }

    struct InitializationKey: Hashable, Sendable {
        let track: LiveTrackID
        let number: Int
    }

    struct Initialization: Sendable {
        let track: LiveTrack
        let bytes: ByteBuffer
    }

    private(set) var tracks: [LiveTrackID: RewindTrack] = [:]
    private(set) var publishes: [Publish] = []
    /// When the newest segment ends, microseconds since 1970.
    private(set) var endMicroseconds: Int64 = .min
    let windowMicroseconds: Int64

    init(windowMicroseconds: Int64) {
        self.windowMicroseconds = windowMicroseconds
    }

    var trackIDs: [LiveTrackID] { tracks.keys.sorted() }
    var memoryBytes: Int {
        tracks.values.reduce(0) { $0 + $1.memoryBytes + ($1.text?.memoryBytes ?? 0) }
    }

    // MARK: From the writer

    mutating func begin(token: String) {
        publishes.append(Publish(token: token))
        dropOpenSegments()
    }

    /// What a publish left open is lost when it is over.
    mutating func dropOpenSegments() {
        for id in tracks.keys { tracks[id]?.open = nil }
    }

    mutating func add(_ initialization: LiveInitialization) {
        guard !publishes.isEmpty else { return }
        let key = InitializationKey(track: initialization.track.id, number: initialization.number)
        let last = publishes.count - 1
        guard publishes[last].initializations.count < RecordingLimits.initializations else {
            return
        }
        publishes[last].initializations[key] = Initialization(
            track: initialization.track,
            bytes: ByteBuffer(bytes: initialization.bytes)
        )
        let id = initialization.track.id
        tracks[id, default: RewindTrack(track: initialization.track)].track = initialization.track
    }

    mutating func segmentBegan(_ start: SegmentStart, file: RecordedFile?, offsetBytes: UInt64) {
        guard let token = publishes.last?.token else { return }
        tracks[start.track]?.open = RewindTrack.OpenSegment(
            start: start,
            token: token,
            file: file,
            offsetBytes: offsetBytes,
            isGap: file == nil
        )
    }

    /// A part lies behind the one before.
    mutating func partWritten(_ track: LiveTrackID, endBytes: UInt64) {
        tracks[track]?.open?.partEnds.append(endBytes)
    }

    /// A part could not be kept, so the segment cannot.
    mutating func partLost(_ track: LiveTrackID) {
        tracks[track]?.open?.isGap = true
    }

    /// Closes the open segment, and slides.
    ///
    /// - Returns: how far files are not needed any more.
    mutating func segmentEnded(
        _ end: SegmentEnd,
        rendering: RewindRendering
    ) -> [(file: RecordedFile, endBytes: UInt64)] {
        guard let open = tracks[end.track]?.open, open.start.number == end.number,
            let initialization = publishes.last?.initializations[
                InitializationKey(
                    track: end.track,
                    number: open.start.initializationNumber
                )
            ]
        else {
            tracks[end.track]?.open = nil
            return []
        }
        let skipped = tracks.values.compactMap(\.skippedNumbers).max() ?? 0
        tracks[end.track]?.close(
            duration: end.duration,
            timescale: initialization.track.timescale,
            skippedNumbers: skipped
        )
        appendText(end.track, rendering)
        guard let track = tracks[end.track], let run = track.runs.last else { return [] }
        let last = track[track.endSequence - 1]
        let ends = last.programDateTime + run.microseconds(last.duration)
        endMicroseconds = max(endMicroseconds, ends)
        return slide(to: endMicroseconds)
    }

    /// Lets go of what is older than the window at a time.
    mutating func slide(to time: Int64) -> [(file: RecordedFile, endBytes: UInt64)] {
        let cutoff = time - windowMicroseconds
        var number: UInt64 = 0
        var released: [(file: RecordedFile, endBytes: UInt64)] = []
        for id in trackIDs {
            guard var track = tracks.removeValue(forKey: id) else { continue }
            if number == 0 {
                track.unlist { segment, _, run in
                    segment.programDateTime + run.microseconds(segment.duration) <= cutoff
                }
                if let run = track.run(ofSequence: track.listedSequence) {
                    number = run.firstNumber + (track.listedSequence - run.firstSequence)
                }
            } else {
                track.unlist { _, other, _ in other < number }
            }
            released += track.release(before: cutoff - RecordingLimits.removalMicroseconds)
            tracks[id] = track
        }
        dropPublishes()
        return released
    }

    private mutating func dropPublishes() {
        guard publishes.count > 1 else { return }
        let used = Set(tracks.values.flatMap { $0.runs.map(\.token) })
        let last = publishes.count - 1
        var place = -1
        publishes.removeAll { publish in
            place += 1
            return place < last && !used.contains(publish.token)
        }
    }

    var hasSegments: Bool {
        tracks.values.contains { !$0.runs.isEmpty || $0.open != nil }
    }

    /// For a window that is empty, when nobody publishes.
    mutating func forgetEndedPublishes() {
        publishes = []
        tracks = [:]
    }

    // MARK: Texts

    private mutating func appendText(_ id: LiveTrackID, _ rendering: RewindRendering) {
        guard let track = tracks[id], track.text != nil else { return }
        tracks[id]?.idleCount += 1
        guard track.idleCount < RecordingLimits.idleSegments else {
            tracks[id]?.text = nil
            return
        }
        // Taken out, so that it is not copied.
        var text = tracks[id]?.text
        tracks[id]?.text = nil
        track.forEachListed(track.endSequence - 1..<track.endSequence) {
            text?.append($0, rendering)
        }
        tracks[id]?.text = text
    }

    /// Makes sure that a track's lines are there; they are from then on appended to.
    mutating func prepareText(_ id: LiveTrackID, _ rendering: RewindRendering) {
        guard let track = tracks[id] else { return }
        tracks[id]?.idleCount = 0
        guard track.text == nil else { return }
        var text = RewindText()
        track.forEachListed(track.listedSequence..<track.endSequence) {
            text.append($0, rendering)
        }
        tracks[id]?.text = text
    }

    /// Takes lines that were written of a copy, and writes those that came meanwhile.
    mutating func adopt(
        _ text: RewindText,
        of id: LiveTrackID,
        _ sequences: Range<UInt64>,
        _ rendering: RewindRendering
    ) {
        guard let track = tracks[id], track.text == nil,
            (sequences.lowerBound...sequences.upperBound).contains(track.listedSequence),
            track.endSequence >= sequences.upperBound
        else { return }
        var text = text
        text.dropFirst(Int(track.listedSequence - sequences.lowerBound))
        track.forEachListed(sequences.upperBound..<track.endSequence) {
            text.append($0, rendering)
        }
        tracks[id]?.text = text
        tracks[id]?.idleCount = 0
    }

    // MARK: Finding

    func initialization(token: String, track: LiveTrackID, number: Int) -> ByteBuffer? {
        let key = InitializationKey(track: track, number: number)
        return publishes.last { $0.token == token }?.initializations[key]?.bytes
    }

    /// Whether a publish's media can still be asked for.
    func holds(token: String) -> Bool {
        publishes.contains { $0.token == token }
    }
}
