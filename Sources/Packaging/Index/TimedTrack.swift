import ISOBMFF

/// A source track on its asset's timeline: which samples are packaged, and when each is presented.
///
/// Times come out so that decode times are 0 or more, composition offsets are 0 or more, and
/// presentation time = decode time + composition offset - `editMediaTime`.
struct TimedTrack {
    let source: Track
    /// The samples that are packaged; those that the edit list leaves out at the ends are not.
    private(set) var range: Range<Int>
    /// Added to every composition offset: the most negative one of the whole table, as positive.
    private(set) var compositionShift: Int64 = 0
    private(set) var isReordered = false
    /// Decode time of the first packaged sample as the file has it.
    private var firstDecodeTime: Int64
    /// When the track starts, edits applied, in its timescale and before any rebasing.
    private(set) var start: Int64 = 0

    // Set by `place(rebasedBy:)`.

    /// Decode time of the first packaged sample.
    private(set) var baseDecodeTime: Int64 = 0
    private(set) var editMediaTime: Int64 = 0
    /// Presentation times of the packaged samples, in decode order.
    private(set) var presentationTimes = PresentationTimes.none
    /// When the last sample has been presented.
    private(set) var end: Int64 = 0

    /// Reads the track's edit and offsets.
    ///
    /// - Throws: `PackagingError.limitExceeded` where times or offsets exceed `IndexLimits`.
    init(_ source: Track) throws(PackagingError) {
        self.source = source
        self.range = 0..<source.samples.count
        self.firstDecodeTime = source.samples.firstDecodeTime
        try checkLimits()
        let offsets = source.samples.compositionOffsets
        if let first = offsets.first {
            let (minimum, maximum) = offsets.reduce((first, first)) {
                (Swift.min($0.0, $1), Swift.max($0.1, $1))
            }
            compositionShift = minimum < 0 ? -Int64(minimum) : 0
            isReordered = minimum != maximum
            guard Int64(maximum) + compositionShift <= Int64(Int32.max) else {
                throw .limitExceeded("composition offset")
            }
        }
        trim()
        start =
            source.edit.emptyDuration + Swift.max(0, firstCompositionTime - source.edit.mediaTime)
    }

    private func checkLimits() throws(PackagingError) {
        let timescale = Int64(source.timescale)
        guard timescale > 0, source.timescale <= IndexLimits.timescale else {
            throw .limitExceeded("timescale")
        }
        let span = IndexLimits.spanSeconds * timescale
        let times = [source.edit.emptyDuration, source.edit.mediaTime, source.edit.duration ?? 0]
        guard times.allSatisfy({ (0...span).contains($0) }) else {
            throw .limitExceeded("edit list times")
        }
        let firstDecodeSpan = IndexLimits.firstDecodeSeconds * timescale
        guard firstDecodeTime.magnitude <= UInt64(firstDecodeSpan) else {
            throw .limitExceeded("first decode time")
        }
        let total = source.samples.durations.reduce(into: UInt64(0)) { $0 += UInt64($1) }
        guard total <= UInt64(span) else { throw .limitExceeded("track duration") }
        guard source.sampleEntries.count <= IndexLimits.descriptions else {
            throw .limitExceeded("sample descriptions")
        }
    }

    /// Leaves out samples that the edit list does not present.
    ///
    /// In front, a video starts at its last sync sample at or before the edit's start, an audio a
    /// pre-roll before it. At the end all is kept that comes, in decode order, before a sample that
    /// is presented.
    private mutating func trim() {
        let samples = source.samples
        if let duration = source.edit.duration, duration > 0 {
            let end = source.edit.mediaTime + duration
            var time = samples.durations.reduce(into: firstDecodeTime) { $0 += Int64($1) }
            var last = range.upperBound
            while last > 0 {
                time -= Int64(samples.durations[last - 1])
                if time + samples.compositionOffset(last - 1) < end { break }
                last -= 1
            }
            range = 0..<last
        }
        let end = samples.durations.reduce(into: firstDecodeTime) { $0 += Int64($1) }
        if end + Int64(samples.compositionOffsets.max() ?? 0) <= source.edit.mediaTime {
            range = 0..<0
            return
        }
        let isVideo = source.kind == .video
        let preroll = IndexDurations.audioPreroll.rounded(toTimescale: source.timescale)
        let latest = source.edit.mediaTime - (isVideo ? 0 : preroll)
        var time = firstDecodeTime
        var first = (index: 0, time: time)
        for index in range {
            if time > latest { break }
            if samples.isSync(index), time + samples.compositionOffset(index) <= latest {
                first = (index, time)
            }
            time += Int64(samples.durations[index])
        }
        range = Swift.min(first.index, range.upperBound)..<range.upperBound
        firstDecodeTime = first.time
    }

    /// Composition time of the packaged sample that is presented first.
    private var firstCompositionTime: Int64 {
        guard !range.isEmpty else { return firstDecodeTime }
        guard isReordered else {
            return firstDecodeTime + source.samples.compositionOffset(range.lowerBound)
        }
        var time = firstDecodeTime
        var least = Int64.max
        // Offsets are never less than -shift, so that later samples cannot undercut this bound.
        for index in range where time - compositionShift <= least {
            least = Swift.min(least, time + source.samples.compositionOffset(index))
            time += Int64(source.samples.durations[index])
        }
        return least
    }

    /// Puts the track on the timeline that starts `rebase` after the file's own.
    mutating func place(rebasedBy rebase: Int64) {
        let edit = source.edit
        baseDecodeTime = edit.emptyDuration + firstDecodeTime - rebase
        editMediaTime = edit.mediaTime + compositionShift
        // Only the difference of both matters: keep each as small as it can be.
        let common = Swift.min(baseDecodeTime - edit.emptyDuration, editMediaTime)
        let excess = baseDecodeTime < 0 ? baseDecodeTime : Swift.max(0, common)
        baseDecodeTime -= excess
        editMediaTime -= excess

        let samples = source.samples
        var time = baseDecodeTime - editMediaTime + compositionShift
        self.end = time
        if let step = evenDuration {
            presentationTimes = PresentationTimes(first: time, step: step, count: range.count)
            end = time + step * Int64(range.count - 1) + Int64(samples.durations[range].last ?? 0)
            return
        }
        var times: [Int64] = []
        times.reserveCapacity(range.count)
        for index in range {
            let presentation = time + samples.compositionOffset(index)
            let duration = Int64(samples.durations[index])
            times.append(presentation)
            end = Swift.max(end, presentation + duration)
            time += duration
        }
        presentationTimes = PresentationTimes(times)
    }

    /// How long every packaged sample but the last lasts, where all are presented as decoded.
    private var evenDuration: Int64? {
        guard source.samples.compositionOffsets.isEmpty else { return nil }
        let durations = source.samples.durations[range]
        guard let first = durations.first, durations.dropLast().allSatisfy({ $0 == first })
        else { return nil }
        return Int64(first)
    }
}

extension SampleTable {
    func compositionOffset(_ index: Int) -> Int64 {
        compositionOffsets.isEmpty ? 0 : Int64(compositionOffsets[index])
    }

    func isSync(_ index: Int) -> Bool {
        if dependencies.isEmpty { return true }
        // A pattern, as `==` of another module's enumeration is a call.
        if case .sync = dependencies[index] { return true }
        return false
    }

    /// Whether all arrays are of one length or empty, and all descriptions are there.
    func isConsistent(entryCount: Int) -> Bool {
        offsetsBytes.count == count && durations.count == count
            && [0, count].contains(compositionOffsets.count)
            && [0, count].contains(dependencies.count)
            && [0, count].contains(descriptionIndexes.count)
            && descriptionIndexes.allSatisfy { $0 < entryCount }
    }

    func descriptionIndex(_ index: Int) -> Int {
        descriptionIndexes.isEmpty ? 0 : Int(descriptionIndexes[index])
    }
}
