import Segmenting

/// What conditions are judged by: a stream's presentation and media as they are.
struct LiveFacts {
    private let presentation: LivePresentation
    private let shelves: [LiveTrackID: SegmentShelf]
    private let token: String?

    init(_ state: LiveStreamState) {
        presentation = state.presentation
        shelves = state.shelves
        token = state.token
    }

    /// Whether there is nothing left to wait for.
    func isMet(_ condition: LiveCondition) -> Bool {
        if presentation.isEnded { return true }
        switch condition {
        case .playlist(let track, let segment, let part, _):
            return hasInPlaylist(track, segment: segment, part: part)
        case .part(let token, let track, let segment, let index):
            return !isPartToCome(token, track, segment: segment, index: index)
        case .segment(let token, let track, let number):
            if shelves[track]?.entry(number, token: token)?.body.partCount ?? 0 > 0 { return true }
            return !isSegmentToCome(token, track, number)
        }
    }

    /// Whether a blocking reload is over.
    ///
    /// RFC 8216bis §6.2.5.2
    private func hasInPlaylist(_ track: LiveTrackID, segment: UInt64, part: Int?) -> Bool {
        let rendition = presentation.renditions.first { $0.track.id == track }
        guard let segments = rendition?.segments, let last = segments.last else {
            return rendition == nil
        }
        // Whatever comes behind a segment shows that it is whole.
        guard segment <= last.number else { return false }
        let following = last.number > segment ? last : nil
        guard let part else { return last.number > segment || last.isComplete }
        guard let index = segments.lastIndex(where: { $0.number == segment }) else { return true }
        let wanted = segments[index]
        if wanted.parts.count > part || wanted.isGap { return true }
        guard wanted.isComplete else { return false }
        // A part behind the last one is the first of the next segment.
        guard let following else { return false }
        return following.number > segment + 1 || following.isComplete || !following.parts.isEmpty
    }

    /// Whether it is the part that playlists hint at. RFC 8216bis §4.4.5.3
    func isPartToCome(
        _ token: String,
        _ track: LiveTrackID,
        segment: UInt64,
        index: Int
    ) -> Bool {
        guard token == self.token, !presentation.isEnded, let newest = shelves[track]?.newest,
            newest.token == token
        else { return false }
        if newest.number == segment {
            return !newest.isComplete && newest.body.partCount == index
        }
        return segment == newest.number + 1 && index == 0
    }

    /// Whether it is the open segment before its first part, or the one behind the newest.
    ///
    /// DASH players come by the clock, some a little early.
    func isSegmentToCome(_ token: String, _ track: LiveTrackID, _ number: UInt64) -> Bool {
        guard token == self.token, !presentation.isEnded, let newest = shelves[track]?.newest,
            newest.token == token
        else { return false }
        if newest.number == number { return !newest.isComplete && newest.body.partCount == 0 }
        return number == newest.number + 1
    }

    /// Whether it was there once, and never will be again.
    func isPast(_ token: String, _ track: LiveTrackID, segment: UInt64) -> Bool {
        guard token == self.token, let newest = shelves[track]?.newest else { return false }
        return segment < newest.number
    }
}
