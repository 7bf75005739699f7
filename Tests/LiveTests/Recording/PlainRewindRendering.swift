import Live
import Packaging
import Segmenting

extension RewindRendering {
    /// Media playlists as RFC 8216bis has them, for what lies at `/live/{id}/dvr/{track}.m3u8`.
    static func plain(
        multivariant: @escaping @Sendable (LivePresentation) -> [UInt8]
    ) -> RewindRendering {
        RewindRendering(
            segmentLines: { segment, previous, writer in
                writeLines(segment, previous, to: &writer)
            },
            head: { head, writer in writeHead(head, to: &writer) },
            multivariant: multivariant
        )
    }

    private static func writeHead(_ head: RewindHead, to writer: inout TextWriter) {
        writer.append("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:")
        writer.append(head.targetDurationSeconds)
        writer.append("\n#EXT-X-MEDIA-SEQUENCE:")
        writer.append(UInt(head.mediaSequence), digits: 1)
        writer.append("\n#EXT-X-DISCONTINUITY-SEQUENCE:")
        writer.append(UInt(head.discontinuitySequence), digits: 1)
        writer.append("\n")
        if head.isWhole { writer.append("#EXT-X-PLAYLIST-TYPE:VOD\n") }
        if head.isIndependent { writer.append("#EXT-X-INDEPENDENT-SEGMENTS\n") }
    }

    private static func writeLines(
        _ segment: LiveSegment,
        _ previous: LiveSegment?,
        to writer: inout TextWriter
    ) {
        let start = segment.start
        if start.isDiscontinuity, previous != nil { writer.append("#EXT-X-DISCONTINUITY\n") }
        let isMapped =
            previous?.token == segment.token
            && previous?.start.initializationNumber == start.initializationNumber
        if !isMapped {
            writer.append("#EXT-X-MAP:URI=\"../")
            writer.append(segment.token)
            writer.append("/\(start.track.name)/init-")
            writer.append(start.initializationNumber)
            writer.append(".mp4\"\n")
        }
        writer.append("#EXT-X-PROGRAM-DATE-TIME:")
        writer.append(dateTime: start.programDateTime)
        writer.append("\n")
        if segment.isGap { writer.append("#EXT-X-GAP\n") }
        writer.append("#EXTINF:")
        let timescale = Int64(segment.timescale)
        let end = microseconds(start.decodeTime + segment.duration, timescale)
        writer.append(millionths: end - microseconds(start.decodeTime, timescale))
        writer.append(",\n../")
        writer.append(segment.token)
        writer.append(start.track.kind == .video ? "/v" : "/a")
        writer.append(Int(start.track.index))
        writer.append("/" as Unicode.Scalar)
        writer.append(UInt(start.number), digits: 1)
        writer.append(".m4s\n")
    }

    private static func microseconds(_ ticks: Int64, _ timescale: Int64) -> Int64 {
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return whole * 1_000_000 + (rest * 1_000_000 + timescale / 2) / timescale
    }
}
