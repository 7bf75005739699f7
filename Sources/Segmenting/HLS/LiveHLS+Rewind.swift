package import Packaging

// The head of a rewind playlist, to which `segmentLines` are appended as segments end.

extension LiveHLS {
    /// Whether a playlist says that segments stay. RFC 8216bis §4.4.3.5
    package enum PlaylistType: String, Hashable, Sendable {
        /// None leaves: never for a window that will slide one day.
        case event = "EVENT"
        /// Nothing changes: a clip.
        case vod = "VOD"
    }

    /// Writes what stands before the first segment's lines.
    ///
    /// - Parameters:
    ///   - targetDurationSeconds: The stream's, also for a clip.
    ///   - mediaSequence: Number of the first segment, be it skipped or not.
    ///   - discontinuitySequence: `SegmentStart.discontinuitySequence` of the first segment; less
    ///     one where its lines were made with a segment before them and begin with
    ///     `EXT-X-DISCONTINUITY`, which is then counted again.
    ///   - type: nil for a window that slides.
    ///   - offersDelta: `_HLS_skip` is answered; for all playlists of the window or none.
    ///   - skippedSegments: 1 or more in a delta update. The lines that follow need the map of
    ///     their first segment (`writeMap`), and all `EXT-X-DATERANGE` lines of those skipped.
    ///   - writer: Gets the lines.
    package static func rewindHead(
        targetDurationSeconds: Int,
        mediaSequence: UInt64,
        discontinuitySequence: UInt64,
        type: PlaylistType? = nil,
        offersDelta: Bool = false,
        skippedSegments: Int = 0,
        into writer: inout TextWriter
    ) {
        writer.append("#EXTM3U\n#EXT-X-VERSION:")
        writer.append(skippedSegments > 0 ? 9 : 6)
        writer.append("\n#EXT-X-TARGETDURATION:")
        writer.append(targetDurationSeconds)
        writer.append("\n" as Unicode.Scalar)
        if offersDelta {
            let boundary = targetDurationSeconds * LiveHLSDistance.skipBoundary * 1000
            writer.append("#EXT-X-SERVER-CONTROL:")
            writer.attribute("CAN-SKIP-UNTIL", thousandths: Int64(boundary))
            writer.append("\n" as Unicode.Scalar)
        }
        if let type {
            writer.append("#EXT-X-PLAYLIST-TYPE:")
            writer.append(type.rawValue)
            writer.append("\n" as Unicode.Scalar)
        }
        writer.append("#EXT-X-MEDIA-SEQUENCE:")
        writer.append(UInt(mediaSequence), digits: 1)
        writer.append("\n#EXT-X-DISCONTINUITY-SEQUENCE:")
        writer.append(UInt(discontinuitySequence), digits: 1)
        writer.append("\n" as Unicode.Scalar)
        if skippedSegments > 0 {
            writer.append("#EXT-X-SKIP:")
            writer.attribute("SKIPPED-SEGMENTS", skippedSegments)
            writer.append("\n" as Unicode.Scalar)
        }
    }

    /// Writes `EXT-X-MAP`, for a first segment whose own lines do not say it because they were
    /// made with another segment before them.
    package static func writeMap(
        token: String,
        track: LiveTrackID,
        number: Int,
        scope: LiveAddress.Scope,
        into writer: inout TextWriter
    ) {
        var lines = SegmentLines(scope: scope, track: track)
        lines.writeMap("#EXT-X-MAP:", token: token, number: number, into: &writer)
    }
}
