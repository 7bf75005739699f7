import Segmenting

extension RewindWindow {
    /// The newest part of the window as the live playlists told it, for viewers who were there when
    /// the origin stopped; nil where there is nothing.
    ///
    /// Numbers are those of live playlists, and so only what stands behind the last skip of them is
    /// told. Parts are not: none is left to wait for.
    func livePresentation(
        lastingMicroseconds: Int64,
        targetDurationSeconds: Int,
        lowLatency: LowLatencyOffer
    ) -> LivePresentation? {
        guard endMicroseconds > lastingMicroseconds else { return nil }
        let times = (endMicroseconds - lastingMicroseconds)..<endMicroseconds
        var tails: [(track: RewindTrack, segments: [LiveSegment])] = trackIDs.compactMap { id in
            tracks[id].map { ($0, $0.tail(touching: times)) }
        }
        guard let newest = tails.compactMap({ $0.segments.last?.number }).max() else { return nil }
        // The encoder did not send the others any more.
        tails.removeAll { ($0.segments.last?.number ?? 0) + 1 < newest }
        let first = tails.compactMap { $0.segments.first?.number }.max() ?? 0
        let last = tails.compactMap { $0.segments.last?.number }.min() ?? 0
        guard first <= last else { return nil }
        let renditions = tails.map { tail in
            let segments = tail.segments.filter { (first...last).contains($0.number) }
            return LiveRendition(
                restoring: tail.track.track,
                segments: segments,
                initializations: references(of: segments, tail.track.track.id)
            )
        }
        return LivePresentation(
            restoring: renditions,
            lowLatency: lowLatency,
            targetDurationSeconds: targetDurationSeconds
        )
    }

    private func references(
        of segments: [LiveSegment],
        _ id: LiveTrackID
    ) -> [LiveRendition.InitializationReference] {
        var references: [LiveRendition.InitializationReference] = []
        for segment in segments {
            let number = segment.start.initializationNumber
            guard references.last?.token != segment.token || references.last?.number != number,
                let initialization = publishes.last(where: { $0.token == segment.token })?
                    .initializations[InitializationKey(track: id, number: number)]
            else { continue }
            references.append(
                LiveRendition.InitializationReference(
                    token: segment.token,
                    number: number,
                    track: initialization.track
                )
            )
        }
        return references
    }
}

extension RewindTrack {
    /// Its newest segments from a time on whose numbers follow each other.
    fileprivate func tail(touching times: Range<Int64>) -> [LiveSegment] {
        var segments: [LiveSegment] = []
        forEachListed(sequences(touching: times)) { segment in
            if let last = segments.last, segment.number != last.number + 1 { segments = [] }
            segments.append(segment)
        }
        return segments
    }
}
