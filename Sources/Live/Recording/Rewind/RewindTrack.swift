import Segmenting

/// One track's part of a rewind window.
///
/// Segments have a place of their own, the *sequence*, which is the number of the live playlist at
/// the window's beginning and counts every segment since. Live numbers skip after a crash, and a
/// playlist cannot.
struct RewindTrack: Sendable {
    var track: LiveTrack
    private(set) var runs: [WindowRun] = []
    /// Oldest first, behind `goneCount` that are gone.
    private var segments: [WindowSegment] = []
    private var goneCount = 0
    /// Sequence of the oldest segment that can be had.
    private(set) var firstSequence: UInt64 = 0
    /// Sequence of the first in the playlist; before it stand those that can still be had.
    private(set) var listedSequence: UInt64 = 0
    private(set) var dependentCount = 0
    /// Bytes and time of what is listed.
    private(set) var listedBytes = 0
    private(set) var listedMicroseconds: Int64 = 0
    private(set) var peakBitrate = 0
    var text: RewindText?
    /// Segments since somebody asked for the text.
    var idleCount = 0
    var open: OpenSegment?
    /// Newest last.
    private(set) var recent: [OpenSegment] = []

    /// A segment with its parts' places.
    struct OpenSegment: Sendable {
        var start: SegmentStart
        var token: String
        var file: RecordedFile?
        var offsetBytes: UInt64
        /// Where each part ends.
        var partEnds: [UInt64] = []
        /// Parts are missing.
        var isGap = false
    }

    init(track: LiveTrack) {
        self.track = track
    }

    var endSequence: UInt64 { firstSequence + UInt64(segments.count - goneCount) }
    var listedCount: Int { Int(endSequence - listedSequence) }
    var memoryBytes: Int {
        segments.capacity * MemoryLayout<WindowSegment>.stride
            + runs.capacity * MemoryLayout<WindowRun>.stride
    }

    subscript(sequence: UInt64) -> WindowSegment {
        segments[goneCount + Int(sequence - firstSequence)]
    }

    // MARK: Coming and going

    /// Takes the open segment in.
    ///
    /// - Parameters:
    ///   - duration: in ticks.
    ///   - timescale: ticks a second.
    ///   - skippedNumbers: by how much live numbers are ahead of sequences in the stream's other
    ///     tracks, for a track that comes later.
    mutating func close(duration: Int64, timescale: UInt32, skippedNumbers: UInt64) {
        guard let segment = open else { return }
        open = nil
        let end = segment.isGap ? segment.offsetBytes : segment.partEnds.last
        let entry = WindowSegment(
            offsetBytes: segment.offsetBytes,
            sizeBytes: UInt32(clamping: (end ?? segment.offsetBytes) - segment.offsetBytes),
            duration: duration,
            programDateTime: segment.start.programDateTime,
            isIndependent: segment.start.isIndependent
        )
        beginRun(segment, timescale: timescale, skippedNumbers: skippedNumbers)
        let last = runs.count - 1
        runs[last].count += 1
        runs[last].nextDecodeTime += duration
        makeRoom()
        segments.append(entry)
        let microseconds = runs[last].microseconds(duration)
        listedBytes += Int(entry.sizeBytes)
        listedMicroseconds += microseconds
        if !entry.isIndependent { dependentCount += 1 }
        if microseconds > 0 {
            let bitrate = Int64(entry.sizeBytes) * 8_000_000 / microseconds
            peakBitrate = max(peakBitrate, Int(bitrate))
        }
        recent.append(segment)
        if recent.count > RecordingLimits.segmentsWithParts { recent.removeFirst() }
    }

    /// Grows by a quarter: an array's own doubling may leave as much room empty as is used, and the
    /// window of every stream is held in memory.
    private mutating func makeRoom() {
        guard segments.count == segments.capacity else { return }
        segments.reserveCapacity(segments.count + max(64, segments.count / 4))
    }

    private mutating func beginRun(
        _ segment: OpenSegment,
        timescale: UInt32,
        skippedNumbers: UInt64
    ) {
        let start = segment.start
        if let run = runs.last, run.token == segment.token, run.file === segment.file,
            run.timescale == timescale, run.nextDecodeTime == start.decodeTime,
            run.firstNumber + UInt64(run.count) == start.number, !start.isDiscontinuity,
            run.initializationNumber == start.initializationNumber
        {
            return
        }
        if runs.isEmpty, endSequence == 0 {
            firstSequence = start.number - min(skippedNumbers, start.number)
            listedSequence = firstSequence
        }
        runs.append(
            WindowRun(
                token: segment.token,
                file: segment.file,
                timescale: timescale,
                initializationNumber: start.initializationNumber,
                discontinuitySequence: start.discontinuitySequence,
                isDiscontinuity: start.isDiscontinuity,
                firstSequence: endSequence,
                firstNumber: start.number,
                firstDecodeTime: start.decodeTime,
                nextDecodeTime: start.decodeTime
            )
        )
    }

    /// By how much live numbers are ahead of sequences; 0 where a lost state made them go back.
    var skippedNumbers: UInt64? {
        runs.last.map { $0.firstNumber - min($0.firstNumber, $0.firstSequence) }
    }

    /// Takes segments in front out of the playlist while a condition holds.
    mutating func unlist(while condition: (WindowSegment, _ number: UInt64, WindowRun) -> Bool) {
        var dropped = 0
        while listedSequence < endSequence, let run = run(ofSequence: listedSequence) {
            let segment = self[listedSequence]
            let number = run.firstNumber + (listedSequence - run.firstSequence)
            guard condition(segment, number, run) else { break }
            listedBytes -= Int(segment.sizeBytes)
            listedMicroseconds -= run.microseconds(segment.duration)
            if !segment.isIndependent { dependentCount -= 1 }
            listedSequence += 1
            dropped += 1
        }
        if dropped > 0 { text?.dropFirst(dropped) }
    }

    /// Lets go of unlisted segments that ended before a time.
    ///
    /// - Returns: how far each file is not needed any more.
    mutating func release(before time: Int64) -> [(file: RecordedFile, endBytes: UInt64)] {
        var released: [(file: RecordedFile, endBytes: UInt64)] = []
        while firstSequence < listedSequence, let run = runs.first {
            let segment = segments[goneCount]
            guard segment.programDateTime + run.microseconds(segment.duration) < time else { break }
            if let file = run.file {
                let end = segment.offsetBytes + UInt64(segment.sizeBytes)
                if released.last?.file === file { released.removeLast() }
                released.append((file, end))
            }
            goneCount += 1
            firstSequence += 1
            if run.firstSequence + UInt64(run.count) <= firstSequence { runs.removeFirst() }
        }
        if goneCount * 2 > segments.count {
            segments.removeFirst(goneCount)
            goneCount = 0
        }
        return released
    }

    // MARK: Finding

    /// The place in `runs` of a listed or kept segment's run.
    func runIndex(ofSequence sequence: UInt64) -> Int? {
        let behind = runs.partitioningIndex { $0.firstSequence > sequence }
        return behind > 0 ? behind - 1 : nil
    }

    func run(ofSequence sequence: UInt64) -> WindowRun? {
        runIndex(ofSequence: sequence).map { runs[$0] }
    }

    /// A complete segment by its address.
    func find(token: String, number: UInt64) -> (run: WindowRun, segment: WindowSegment)? {
        let behind = runs.partitioningIndex { $0.firstNumber > number }
        guard behind > 0 else { return nil }
        let run = runs[behind - 1]
        guard run.token == token, run.firstNumber <= number else { return nil }
        let place = number - run.firstNumber
        guard place < UInt64(run.count),
            run.firstSequence + place >= firstSequence
        else {
            return nil
        }
        return (run, self[run.firstSequence + place])
    }

    /// Calls with listed segments as playlists tell them, in order.
    func forEachListed(_ range: Range<UInt64>, _ body: (LiveSegment) -> Void) {
        guard !range.isEmpty, var place = runIndex(ofSequence: range.lowerBound) else { return }
        var decodeTime = decodeTime(ofSequence: range.lowerBound, in: runs[place])
        var sequence = range.lowerBound
        while sequence < range.upperBound {
            if sequence >= runs[place].firstSequence + UInt64(runs[place].count) {
                place += 1
                decodeTime = runs[place].firstDecodeTime
            }
            let segment = self[sequence]
            body(liveSegment(segment, sequence, runs[place], decodeTime))
            decodeTime += segment.duration
            sequence += 1
        }
    }

    /// Counted from the run's end that is nearer; its beginning may be gone.
    private func decodeTime(ofSequence sequence: UInt64, in run: WindowRun) -> Int64 {
        let end = run.firstSequence + UInt64(run.count)
        guard run.firstSequence >= firstSequence, sequence - run.firstSequence < end - sequence
        else {
            return (sequence..<end).reduce(run.nextDecodeTime) { $0 - self[$1].duration }
        }
        return (run.firstSequence..<sequence).reduce(run.firstDecodeTime) {
            $0 + self[$1].duration
        }
    }

    private func liveSegment(
        _ segment: WindowSegment,
        _ sequence: UInt64,
        _ run: WindowRun,
        _ decodeTime: Int64
    ) -> LiveSegment {
        let isFirst = sequence == run.firstSequence
        var told = LiveSegment(
            start: SegmentStart(
                track: track.id,
                number: run.firstNumber + (sequence - run.firstSequence),
                discontinuitySequence: run.discontinuitySequence,
                isDiscontinuity: isFirst && run.isDiscontinuity,
                initializationNumber: run.initializationNumber,
                decodeTime: decodeTime,
                programDateTime: segment.programDateTime,
                isIndependent: segment.isIndependent
            ),
            token: run.token,
            timescale: run.timescale
        )
        told.duration = segment.duration
        told.isComplete = true
        told.isGap = segment.isGap
        told.sizeBytes = Int(segment.sizeBytes)
        return told
    }

    /// A part of the open segment or of a newest one: its place, where it is all written.
    func part(
        token: String,
        number: UInt64,
        index: Int
    ) -> (file: RecordedFile, bytes: Range<UInt64>)? {
        let found =
            open.flatMap { $0.start.number == number ? $0 : nil }
            ?? recent.last { $0.start.number == number }
        guard let found, found.token == token, let file = found.file,
            found.partEnds.indices.contains(index)
        else {
            return nil
        }
        let start = index == 0 ? found.offsetBytes : found.partEnds[index - 1]
        return (file, start..<found.partEnds[index])
    }
}
