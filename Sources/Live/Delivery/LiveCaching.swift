/// How long caches may keep what, as `Cache-Control` says it; made once for a target duration.
///
/// An answer to what does not exist yet is kept by nobody: else one client that asks too early keeps
/// an edge saying no past the moment it exists, whatever the appendix allows.
///
/// RFC 8216bis appendix B.1
package struct LiveCaching: Hashable, Sendable {
    /// Playlists as they are now, and DASH manifests: half a target duration.
    package let playlist: String
    /// Playlists that were asked for by number: nobody else's answer will differ.
    package let blockingPlaylist: String
    /// Parts, and segments while they grow: six target durations.
    package let part: String
    /// Whole segments and their headers, which viewers who rewind ask for much later.
    package let segment: String
    /// What is gone and does not come back.
    package let past: String

    package static let never = "no-store"
    /// A stream that nobody has published may be, the next moment.
    package static let unknownStream = "public, max-age=1"
    /// Which other origin has a stream.
    package static let elsewhere = "public, max-age=1"
    package static let status = "public, max-age=1"
    package static let thumbnail = "public, max-age=2"
    /// For segments, an hour: they never change, but recordings may be deleted.
    private static let segmentSeconds = 3600

    package init(targetDurationSeconds: Int) {
        playlist = "public, max-age=\(max(1, targetDurationSeconds / 2))"
        blockingPlaylist = "public, max-age=\(targetDurationSeconds * 6)"
        part = "public, max-age=\(targetDurationSeconds * 6)"
        segment =
            "public, max-age=\(max(Self.segmentSeconds, targetDurationSeconds * 6)), immutable"
        past = "public, max-age=\(targetDurationSeconds)"
    }
}
