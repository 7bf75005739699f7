/// A track while its boxes are read.
struct TrackAssembly {
    var track: Track
    /// What holds of samples in fragments that do not say otherwise.
    let defaults: SampleDefaults
    /// Left out of the movie: of no known kind or codec, and not readable either.
    ///
    /// Its fragments are still followed, as the place of another track's may depend on them.
    let isLeftOut: Bool
    /// One tick of the movie's timescale in the track's, rounded up: how much shorter than the
    /// media an edit may come out that means all of it.
    let editTolerance: Int64
    /// Decode time of the sample that comes next: that of the first and all durations.
    var nextDecodeTime: Int64

    init(
        track: Track,
        defaults: SampleDefaults,
        isLeftOut: Bool = false,
        editTolerance: Int64 = 0
    ) {
        self.track = track
        self.defaults = defaults
        self.isLeftOut = isLeftOut
        self.editTolerance = editTolerance
        self.nextDecodeTime = track.samples.durations.reduce(track.samples.firstDecodeTime) {
            $0 &+ Int64($1)
        }
    }

    /// The track, or nil where it has no samples.
    consuming func finished() -> Track? {
        guard !isLeftOut, track.samples.count > 0 else { return nil }
        if let duration = track.edit.duration,
            track.edit.mediaTime + duration >= nextDecodeTime - editTolerance
        {
            track.edit.duration = nil
        }
        return track
    }
}

// MARK: - Going back over a fragment that turns out to be cut

extension TrackAssembly {
    struct Mark {
        let sampleCount: Int
        let lastDuration: UInt32?
        let firstDecodeTime: Int64
        let nextDecodeTime: Int64
    }

    var mark: Mark {
        Mark(
            sampleCount: track.samples.count,
            lastDuration: track.samples.durations.last,
            firstDecodeTime: track.samples.firstDecodeTime,
            nextDecodeTime: nextDecodeTime
        )
    }

    mutating func goBack(to mark: Mark) {
        track.samples.cut(to: mark.sampleCount)
        if let lastDuration = mark.lastDuration {
            track.samples.durations[mark.sampleCount - 1] = lastDuration
        }
        track.samples.firstDecodeTime = mark.firstDecodeTime
        nextDecodeTime = mark.nextDecodeTime
    }
}

extension SampleTable {
    /// Drops all samples from an index on.
    fileprivate mutating func cut(to count: Int) {
        sizesBytes.removeLast(max(sizesBytes.count - count, 0))
        offsetsBytes.removeLast(max(offsetsBytes.count - count, 0))
        durations.removeLast(max(durations.count - count, 0))
        compositionOffsets.removeLast(max(compositionOffsets.count - count, 0))
        dependencies.removeLast(max(dependencies.count - count, 0))
        descriptionIndexes.removeLast(max(descriptionIndexes.count - count, 0))
    }
}
