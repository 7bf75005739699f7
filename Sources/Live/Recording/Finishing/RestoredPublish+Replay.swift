import Segmenting

/// What a restart puts back into a rewind window.
extension RestoredPublish {
    /// A track's newest segment while records are gone through.
    private struct Newest {
        var start: SegmentStart
        /// In ticks, of its parts so far.
        var duration: Int64 = 0
        var hasParts = false
        /// Whether every part says how long it lasts.
        var isTimed = true
        var isEnded = false
    }

    /// Puts segments back, the one that a crash left open with the parts that it has.
    func replay(into window: inout RewindWindow, rendering: RewindRendering) {
        window.begin(token: token)
        var newest: [LiveTrackID: Newest] = [:]
        for record in records {
            switch record {
            case .format(let format):
                guard let track = format.liveTrack else { continue }
                window.add(
                    LiveInitialization(track: track, number: format.number, bytes: format.bytes)
                )
            case .segmentBegan(let start):
                newest[start.track] = Newest(start: start)
            case .part(let part):
                guard let segment = newest[part.track], !segment.isEnded else { continue }
                if !segment.hasParts {
                    begin(segment.start, offsetBytes: part.offsetBytes, in: &window)
                }
                newest[part.track]?.hasParts = true
                newest[part.track]?.duration += Int64(part.durationTicks)
                if part.durationTicks == 0 { newest[part.track]?.isTimed = false }
                let end = part.offsetBytes + UInt64(part.sizeBytes)
                window.partWritten(part.track, endBytes: end)
            case .segmentEnded(let end, let isGap):
                guard let segment = newest[end.track], segment.start.number == end.number else {
                    continue
                }
                if !segment.hasParts {
                    window.segmentBegan(segment.start, file: nil, offsetBytes: 0)
                }
                if isGap { window.partLost(end.track) }
                _ = window.segmentEnded(end, rendering: rendering)
                newest[end.track]?.duration = end.duration
                newest[end.track]?.isEnded = true
            case .began, .ended:
                break
            }
        }
        if !isEnded { closeOpenSegments(newest, in: &window, rendering) }
        window.dropOpenSegments()
    }

    private func begin(
        _ start: SegmentStart,
        offsetBytes: UInt64,
        in window: inout RewindWindow
    ) {
        let key = FormatKey(track: start.track, number: start.initializationNumber)
        let file = entryNumbers[key].flatMap { format in
            readers.indices.contains(format.file) ? readers[format.file] : nil
        }
        window.segmentBegan(start, file: file, offsetBytes: offsetBytes)
    }

    /// Ends in all tracks what a crash left open, so that the next publish begins in step: one
    /// that has nothing of a segment that others have gets a gap.
    private func closeOpenSegments(
        _ newest: [LiveTrackID: Newest],
        in window: inout RewindWindow,
        _ rendering: RewindRendering
    ) {
        let open = newest.values.filter { !$0.isEnded && $0.hasParts }
        guard open.allSatisfy({ $0.isTimed && $0.duration > 0 }),
            let number = open.map(\.start.number).max(),
            let longest = open.map({ microseconds($0.duration, of: $0.start) }).max(),
            let like = open.first(where: { $0.start.number == number })?.start
        else { return }
        for (id, segment) in newest.sorted(by: { $0.key < $1.key }) {
            // A track that has been away for longer is not in step anyway.
            guard segment.start.number + 1 >= number else { continue }
            var last = segment
            if !segment.isEnded {
                if !segment.hasParts { last.duration = ticks(longest, of: segment.start) }
                end(id, last, isGap: !segment.hasParts, in: &window, rendering)
            }
            guard segment.start.number < number else { continue }
            var gap = Newest(start: segment.start)
            gap.start.number = number
            gap.start.decodeTime += last.duration
            gap.start.programDateTime = like.programDateTime
            gap.start.isDiscontinuity = like.isDiscontinuity
            gap.start.discontinuitySequence = like.discontinuitySequence
            gap.duration = ticks(longest, of: gap.start)
            end(id, gap, isGap: true, in: &window, rendering)
        }
    }

    private func end(
        _ id: LiveTrackID,
        _ segment: Newest,
        isGap: Bool,
        in window: inout RewindWindow,
        _ rendering: RewindRendering
    ) {
        if isGap { window.segmentBegan(segment.start, file: nil, offsetBytes: 0) }
        let end = SegmentEnd(track: id, number: segment.start.number, duration: segment.duration)
        _ = window.segmentEnded(end, rendering: rendering)
    }

    private func timescale(of start: SegmentStart) -> Int64 {
        let key = FormatKey(track: start.track, number: start.initializationNumber)
        return max(1, entryNumbers[key].map { Int64(files[$0.file].header.timescale) } ?? 1)
    }

    private func microseconds(_ ticks: Int64, of start: SegmentStart) -> Int64 {
        ticks * 1_000_000 / timescale(of: start)
    }

    private func ticks(_ microseconds: Int64, of start: SegmentStart) -> Int64 {
        max(1, microseconds * timescale(of: start) / 1_000_000)
    }
}
