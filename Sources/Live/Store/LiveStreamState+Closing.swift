import Segmenting

extension LiveStreamState {
    /// Ends in all tracks what is open, so that the next publish begins in step.
    ///
    /// Where a publish ends by itself its segmenter has done so already. Where another one takes
    /// over, tracks are wherever they were: an open segment ends with the parts it has, one that no
    /// track has anything of is taken back, and a track that has nothing of a segment that others
    /// have gets a gap, as numbers must stay equal.
    ///
    /// - Returns: what happened, for the archive; a segment that begins and ends without a part is
    ///   a gap.
    mutating func closeOpenSegments(_ effects: inout LiveEffects) -> [SegmenterAction] {
        while let newest = newestNumber, !hasMedia(newest) { takeBack(newest, &effects) }
        guard let newest = newestNumber else { return [] }
        var actions: [SegmenterAction] = []
        for index in presentation.renditions.indices {
            actions += closeOpen(index, &effects)
            actions += addGaps(index, upTo: newest)
        }
        return actions
    }

    private var newestNumber: UInt64? {
        presentation.renditions.compactMap { $0.segments.last?.number }.max()
    }

    private func hasMedia(_ number: UInt64) -> Bool {
        presentation.renditions.contains { rendition in
            guard let last = rendition.segments.last, last.number == number else { return false }
            return last.isComplete || last.duration > 0
        }
    }

    private mutating func takeBack(_ number: UInt64, _ effects: inout LiveEffects) {
        for index in presentation.renditions.indices {
            guard let last = presentation.renditions[index].segments.last, last.number == number
            else { continue }
            presentation.renditions[index].segments.removeLast()
            shelves[last.start.track]?.removeOpen(&effects.wake)
            continuation.discontinuitySequence =
                last.start.discontinuitySequence - (last.start.isDiscontinuity ? 1 : 0)
        }
        continuation.nextSegmentNumber = number
    }

    private mutating func closeOpen(
        _ index: Int,
        _ effects: inout LiveEffects
    ) -> [SegmenterAction] {
        guard let last = presentation.renditions[index].segments.last, !last.isComplete else {
            return []
        }
        let place = presentation.renditions[index].segments.count - 1
        if last.duration == 0 {
            presentation.renditions[index].segments[place].isGap = true
            presentation.renditions[index].segments[place].duration =
                duration(of: last.number, timescale: last.timescale)
            shelves[last.start.track]?.removeOpen(&effects.wake)
        } else {
            shelves[last.start.track]?.complete(last.number, &effects.wake)
        }
        presentation.renditions[index].segments[place].isComplete = true
        let closed = presentation.renditions[index].segments[place]
        return [
            .segmentEnded(
                SegmentEnd(
                    track: closed.start.track,
                    number: closed.number,
                    duration: closed.duration
                )
            )
        ]
    }

    private mutating func addGaps(_ index: Int, upTo newest: UInt64) -> [SegmenterAction] {
        var actions: [SegmenterAction] = []
        while let last = presentation.renditions[index].segments.last, last.number < newest {
            let number = last.number + 1
            let like = presentation.renditions.lazy.compactMap { rendition in
                rendition.segments.last { $0.number == number }
            }.first
            var start = last.start
            start.number = number
            start.discontinuitySequence =
                like?.start.discontinuitySequence ?? last.start.discontinuitySequence
            start.isDiscontinuity = like?.start.isDiscontinuity ?? false
            start.decodeTime += last.duration
            start.programDateTime = like?.start.programDateTime ?? last.start.programDateTime
            start.isIndependent = false
            var gap = LiveSegment(start: start, token: last.token, timescale: last.timescale)
            gap.duration = duration(of: number, timescale: last.timescale)
            gap.isComplete = true
            gap.isGap = true
            presentation.renditions[index].segments.append(gap)
            let end = SegmentEnd(track: start.track, number: number, duration: gap.duration)
            actions += [.segmentBegan(start), .segmentEnded(end)]
        }
        return actions
    }

    /// How long a segment is in the track that has the most of it; at least one tick.
    private func duration(of number: UInt64, timescale: UInt32) -> Int64 {
        let longest = presentation.renditions.compactMap { rendition -> Int64? in
            guard let segment = rendition.segments.last(where: { $0.number == number }) else {
                return nil
            }
            return segment.duration * Int64(timescale) / Int64(max(1, segment.timescale))
        }.max()
        return max(1, longest ?? 1)
    }
}
