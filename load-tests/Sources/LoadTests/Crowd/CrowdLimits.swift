package import NIOCore

/// What a crowd never exceeds, whatever is asked of it or answered to it.
package enum CrowdLimits {
    package static let viewers = 50_000
    package static let durationSeconds: Double = 24 * 3600
    package static let threads = 16
    /// Connections from one source address; a port each, out of some 28,000.
    package static let connectionsPerSource = 20_000
    package static let sources = 250

    package static let headSizeBytes = 16 * 1024
    package static let lineSizeBytes = 1024
    package static let playlistSizeBytes = 4 * 1024 * 1024
    package static let playlistLines = 200_000
    /// Parsed playlists that a loop keeps, so that a thousand viewers parse one once.
    package static let parsedPlaylists = 512
    package static let redirects = 3
    /// Addresses whose bytes are remembered.
    package static let ledgerEntries = 2_000_000
    /// Faults of a viewer in a row after which it gives up its session.
    package static let faultsInARow = 5
    package static let readSizeBytes = 128 * 1024
    package static let connectTime = TimeAmount.seconds(5)
    /// Comparisons with the reference that may wait.
    package static let referenceQueue = 10_000
    package static let catalogVideos = 10_000
}
