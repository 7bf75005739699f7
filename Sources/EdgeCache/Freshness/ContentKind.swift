/// What an address leads to, as far as its life in the cache depends on it.
package enum ContentKind: UInt8, CaseIterable, Hashable, Sendable {
    /// Segments and their headers and subtitles: never change under their address.
    case vodSegment
    /// Playlists and manifests of what is recorded.
    case vodManifest
    /// Whole files for progressive download.
    case progressive
    case thumbnail
    /// Scripts, styles and images of the pages.
    case staticAsset
    /// A live playlist or manifest as it is now.
    case livePlaylist
    /// A live playlist that is held until it has what the request names.
    case liveBlockingPlaylist
    /// Parts and segments of a live stream, held where they are hinted at but not there yet.
    case liveMedia
    /// Anything else, the API's answers among it: kept only where the origin says so.
    case other

    package var isLive: Bool {
        self == .livePlaylist || self == .liveBlockingPlaylist || self == .liveMedia
    }

    /// Whether an origin may hold the request, so that the time it took says nothing of an age.
    var isHeld: Bool { self == .liveBlockingPlaylist || self == .liveMedia }
}
