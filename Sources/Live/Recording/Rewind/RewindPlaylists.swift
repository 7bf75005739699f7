import MediaHTTP
import NIOCore
import Packaging
import Segmenting

/// Playlists of a window.
extension RewindWindow {
    /// The media playlist of what is listed.
    mutating func playlist(
        _ id: LiveTrackID,
        isEnded: Bool,
        targetDurationSeconds: Int,
        rendering: RewindRendering
    ) -> ByteBuffer? {
        prepareText(id, rendering)
        guard let track = tracks[id], track.listedCount > 0, let text = track.text else {
            return nil
        }
        var writer = TextWriter(capacity: 1024)
        let run = track.run(ofSequence: track.listedSequence)
        let head = RewindHead(
            targetDurationSeconds: targetDurationSeconds,
            mediaSequence: track.listedSequence,
            discontinuitySequence: run?.discontinuitySequence ?? 0,
            isIndependent: track.dependentCount == 0,
            isWhole: false
        )
        rendering.head(head, &writer)
        track.forEachListed(track.listedSequence..<track.listedSequence + 1) {
            rendering.segmentLines($0, nil, &writer)
        }
        let rest = text.linesBehindFirst
        var buffer = ByteBufferAllocator().buffer(capacity: writer.bytes.count + rest.count + 32)
        buffer.writeBytes(writer.bytes)
        buffer.writeBytes(rest)
        if isEnded { buffer.writeStaticString("#EXT-X-ENDLIST\n") }
        return buffer
    }

    /// A playlist of the listed segments that touch a time, which nothing comes to or goes from.
    func clipPlaylist(
        _ id: LiveTrackID,
        clip: RewindClip,
        targetDurationSeconds: Int,
        rendering: RewindRendering
    ) -> ByteBuffer? {
        guard let track = tracks[id], let times = times(of: clip) else { return nil }
        let sequences = track.sequences(touching: times)
        guard !sequences.isEmpty, let run = track.run(ofSequence: sequences.lowerBound) else {
            return nil
        }
        var lines = TextWriter(capacity: 160 * sequences.count)
        var isIndependent = true
        var previous: LiveSegment?
        track.forEachListed(sequences) {
            rendering.segmentLines($0, previous, &lines)
            isIndependent = isIndependent && $0.start.isIndependent
            previous = $0
        }
        var writer = TextWriter(capacity: lines.bytes.count + 512)
        let head = RewindHead(
            targetDurationSeconds: targetDurationSeconds,
            mediaSequence: sequences.lowerBound,
            discontinuitySequence: run.discontinuitySequence,
            isIndependent: isIndependent,
            isWhole: true
        )
        rendering.head(head, &writer)
        writer.append(lines.bytes)
        writer.append("#EXT-X-ENDLIST\n")
        return ByteBuffer(bytes: writer.bytes)
    }

    /// The window as the multivariant playlist tells it: its tracks, and no segments.
    func presentation(isEnded: Bool, targetDurationSeconds: Int) -> LivePresentation? {
        let renditions = trackIDs.compactMap { id -> LiveRendition? in
            guard let track = tracks[id], track.listedCount > 0 else { return nil }
            let average =
                track.listedMicroseconds > 0
                ? Int(Int64(track.listedBytes) * 8_000_000 / track.listedMicroseconds) : 0
            return LiveRendition(
                track: track.track,
                averageBitrate: average,
                peakBitrate: track.peakBitrate
            )
        }
        guard !renditions.isEmpty else { return nil }
        return LivePresentation(
            renditions: renditions,
            lowLatency: .none(reason: "a rewind window has complete segments only"),
            targetDurationSeconds: targetDurationSeconds,
            isEnded: isEnded
        )
    }

    /// Wall times of a clip, cut to the window; nil where it lies outside.
    func times(of clip: RewindClip) -> Range<Int64>? {
        let first = trackIDs.lazy.compactMap { id -> Int64? in
            guard let track = self.tracks[id], track.listedCount > 0 else { return nil }
            return track[track.listedSequence].programDateTime
        }.first
        guard let first else { return nil }
        let start = max(first, clip.start?.microseconds(from: first) ?? first)
        let end = min(endMicroseconds, clip.end?.microseconds(from: first) ?? endMicroseconds)
        return start < end ? start..<end : nil
    }
}

extension RewindTrack {
    /// Listed segments that have a part in a span of wall time.
    ///
    /// Times of segments rise, but for a clock that was set back between two publishes: then the
    /// clip is what a binary search finds.
    func sequences(touching times: Range<Int64>) -> Range<UInt64> {
        var (low, high) = (listedSequence, endSequence)
        while low < high {
            let middle = low + (high - low) / 2
            let end = self[middle].programDateTime + microseconds(middle)
            if end > times.lowerBound { high = middle } else { low = middle + 1 }
        }
        let first = low
        high = endSequence
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].programDateTime >= times.upperBound {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return first..<max(first, low)
    }

    private func microseconds(_ sequence: UInt64) -> Int64 {
        run(ofSequence: sequence)?.microseconds(self[sequence].duration) ?? 0
    }
}
