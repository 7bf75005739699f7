import MediaHTTP

/// What an address leads to, as far as caching cares.
package enum ResourceKind: UInt8, CaseIterable, Hashable, Sendable {
    /// Playlists and manifests of a video.
    case vodManifest
    /// Init segments, segments and subtitles of a video.
    case vodSegment
    /// A slice of a video's progressive file.
    case vodProgressive
    /// A live playlist as it is now.
    case livePlaylist
    /// A live playlist as it will be: `_HLS_msn`.
    case liveBlockingPlaylist
    /// Segments, parts and init segments of a live stream.
    case liveSegment
    case thumbnail
    case staticAsset
    /// All else; kept only where the origin says so.
    case other

    /// The value of the `resource` label.
    package var label: String {
        switch self {
        case .vodManifest: "vod_manifest"
        case .vodSegment: "vod_segment"
        case .vodProgressive: "vod_progressive"
        case .livePlaylist: "live_playlist"
        case .liveBlockingPlaylist: "live_blocking_playlist"
        case .liveSegment: "live_segment"
        case .thumbnail: "thumbnail"
        case .staticAsset: "static_asset"
        case .other: "other"
        }
    }

    /// Whether it comes from a stream that goes on: what is missing may be there soon.
    package var isLive: Bool {
        switch self {
        case .livePlaylist, .liveBlockingPlaylist, .liveSegment: true
        default: false
        }
    }

    /// Whether it is worth a place in the shared tier, where a look-up costs a round trip.
    package var usesSharedTier: Bool {
        switch self {
        case .livePlaylist, .liveBlockingPlaylist: false
        default: true
        }
    }

    /// Whether its body is a text that compresses.
    package var isText: Bool {
        switch self {
        case .vodManifest, .livePlaylist, .liveBlockingPlaylist: true
        default: false
        }
    }
}
