package import EdgeCache

extension ContentKind {
    /// The value of the `resource` label.
    package var label: String {
        switch self {
        case .vodSegment: "vod_segment"
        case .vodManifest: "vod_manifest"
        case .progressive: "progressive"
        case .thumbnail: "thumbnail"
        case .staticAsset: "static_asset"
        case .livePlaylist: "live_playlist"
        case .liveBlockingPlaylist: "live_blocking_playlist"
        case .liveMedia: "live_media"
        case .other: "other"
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
