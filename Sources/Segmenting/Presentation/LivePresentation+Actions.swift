extension LivePresentation {
    /// A publish begins; what it adds carries `token`.
    ///
    /// Segments of earlier publishes stay. One that was left open is taken for complete.
    package mutating func begin(token: String) {
        closeSegments()
        self.token = token
        isEnded = false
    }

    /// Takes what the segmenter of the publish tells.
    ///
    /// Nothing is copied while nobody else holds this value; where a reader holds one, the lists of
    /// segments are copied once, about a kilobyte for each minute of a track. `event` changes
    /// nothing: see `announce`.
    package mutating func apply(_ action: SegmenterAction) {
        switch action {
        case .initialization(let initialization): apply(initialization)
        case .lowLatency(let offer): lowLatency = offer
        case .segmentBegan(let start): apply(start)
        case .part(let part): apply(part)
        case .segmentEnded(let end): apply(end)
        case .event: break
        }
    }

    /// Writes an `EXT-X-DATERANGE` line before the newest segment of every track, unless that has
    /// `mostDateRanges`.
    ///
    /// How an event reads as a line is the playlist's matter, so whoever applies an `event` has it
    /// rendered and calls this.
    package mutating func announce(dateRangeLine line: String) {
        for index in renditions.indices {
            guard let last = renditions[index].segments.indices.last,
                renditions[index].segments[last].dateRanges.count < Self.mostDateRanges
            else { continue }
            renditions[index].segments[last].dateRanges.append(line)
        }
    }

    /// Of one segment; an encoder that tells more has lost its mind, and viewers would all get it.
    package static let mostDateRanges = 32

    /// No more will come.
    package mutating func end() {
        closeSegments()
        isEnded = true
    }
}

extension LivePresentation {
    private mutating func apply(_ initialization: LiveInitialization) {
        let track = initialization.track
        let reference = LiveRendition.InitializationReference(
            token: token,
            number: initialization.number,
            track: track
        )
        guard let index = renditions.firstIndex(where: { $0.track.id >= track.id }),
            renditions[index].track.id == track.id
        else {
            let place = renditions.firstIndex { $0.track.id > track.id } ?? renditions.endIndex
            renditions.insert(LiveRendition(track: track), at: place)
            renditions[place].initializations.append(reference)
            return
        }
        renditions[index].track = track
        let known = renditions[index].initializations.lastIndex {
            $0.token == reference.token && $0.number == reference.number
        }
        if let known {
            renditions[index].initializations[known] = reference
        } else {
            renditions[index].initializations.append(reference)
        }
    }

    private mutating func apply(_ start: SegmentStart) {
        guard let index = index(of: start.track) else { return }
        var segment = LiveSegment(
            start: start,
            token: token,
            timescale: renditions[index].track.timescale
        )
        segment.isGap = start.isGap
        renditions[index].wasBegun = true
        renditions[index].segments.append(segment)
    }

    private mutating func apply(_ part: LivePart) {
        guard let index = index(of: part.track),
            let last = renditions[index].segments.indices.last
        else { return }
        let entry = LiveSegment.PartEntry(
            duration: part.duration,
            sizeBytes: part.sizeBytes,
            isIndependent: part.isIndependent,
            isGap: part.isGap
        )
        renditions[index].segments[last].append(entry)
    }

    private mutating func apply(_ end: SegmentEnd) {
        guard let index = index(of: end.track),
            let last = renditions[index].segments.indices.last
        else { return }
        renditions[index].segments[last].duration = end.duration
        renditions[index].segments[last].isComplete = true
        renditions[index].measureBitrates()
    }

    private func index(of track: LiveTrackID) -> Int? {
        renditions.firstIndex { $0.track.id == track }
    }

    /// A publish that broke off may leave segments open; one without a part never was.
    private mutating func closeSegments() {
        for index in renditions.indices {
            guard let last = renditions[index].segments.last, !last.isComplete else { continue }
            if last.parts.isEmpty {
                renditions[index].segments.removeLast()
            } else {
                renditions[index].segments[renditions[index].segments.endIndex - 1].isComplete =
                    true
                renditions[index].measureBitrates()
            }
        }
    }
}

extension LiveSegment {
    fileprivate mutating func append(_ part: PartEntry) {
        parts.append(part)
        duration += part.duration
        sizeBytes += part.sizeBytes
    }
}
