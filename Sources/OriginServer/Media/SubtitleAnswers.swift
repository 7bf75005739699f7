import MediaHTTP
import Packaging

/// What a sidecar subtitle track answers: its playlist, its segments, and all of it.
struct SubtitleAnswers {
    let answers: AssetAnswers
    let track: SubtitleTrack

    private var index: AssetIndex { answers.asset.index }

    func answer(_ item: MediaAddress.Item, query: String?) throws -> MediaResponse {
        switch item {
        case .mediaPlaylist(let format):
            return try answers.mediaPlaylist(query: query) {
                .subtitlePlaylist(format, track: track.name, $0)
            } make: { groups in
                HLSMediaPlaylist(
                    content: .subtitles(format),
                    segments: index.segmentTimeline(clip: groups),
                    timescale: index.timelineTimescale,
                    longestSegment: answers.longestSegment(groups)
                ).bytes
            }
        case .subtitleSegment(let reference, let format):
            let groups = try index.groups(reference).groups
            return try answers.text(
                key: .subtitleSegment(format, track: track.name, reference),
                kind: .subtitles,
                type: Self.type
            ) {
                guard let entry = index.segmentTimeline(clip: groups).first else {
                    throw PackagingError.notFound
                }
                return track.document.segment(
                    entry,
                    timescale: index.timelineTimescale,
                    format: format
                )
            }
        case .subtitles:
            return answers.text(
                key: .subtitles(track: track.name),
                kind: .subtitles,
                type: Self.type
            ) {
                track.document.bytes
            }
        default:
            throw PackagingError.notFound
        }
    }

    private static let type = "text/vtt; charset=utf-8"
}
