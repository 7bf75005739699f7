/// What kind of thing an answer is, for metrics and the access log.
package enum MediaKind: Int, CaseIterable, Hashable, Sendable {
    case masterPlaylist
    case mediaPlaylist
    case manifest
    case initSegment
    case videoSegment
    case audioSegment
    case transportStreamSegment
    case progressive
    case subtitles
    case error
    case other

    /// The value of the `kind` label.
    package var label: String {
        switch self {
        case .masterPlaylist: "master_playlist"
        case .mediaPlaylist: "media_playlist"
        case .manifest: "manifest"
        case .initSegment: "init_segment"
        case .videoSegment: "video_segment"
        case .audioSegment: "audio_segment"
        case .transportStreamSegment: "transport_stream_segment"
        case .progressive: "progressive"
        case .subtitles: "subtitles"
        case .error: "error"
        case .other: "other"
        }
    }
}
