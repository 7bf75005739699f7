/// A subtitle track's adaptation set: the whole file where its times are the period's own, and
/// otherwise segments, whose presentation time offset moves them to where they belong.
///
/// ISO/IEC 23009-1 §5.3.3, DASH-IF Interoperability Points §6.4
struct DASHSubtitles {
    var track: SubtitleTrack
    var period: DASHPeriod
    var version: AssetVersion

    func write(to writer: inout TextWriter) {
        writer.append("<AdaptationSet")
        writer.xml("contentType", "text")
        writer.xml("mimeType", "text/vtt")
        if !track.language.isEmpty, track.language != "und" { writer.xml("lang", track.language) }
        writer.append(">\n")
        DASHDescriptor.writeLabel(track.label, to: &writer)
        if track.role == .sdh {
            DASHDescriptor.write("Accessibility", DASHDescriptor.audioPurpose, "2", to: &writer)
        }
        DASHDescriptor.writeRole(role, to: &writer)
        writer.append("<Representation")
        writer.xml("id", track.name)
        writer.xml("bandwidth", bandwidth)
        writer.append(">\n")
        if period.start == .zero {
            writer.append("<BaseURL>")
            writer.append(
                MediaAddress.relative(version: version, track: track.name, .subtitles)
            )
            writer.append("</BaseURL>\n")
        } else {
            writeSegments(to: &writer)
        }
        writer.append("</Representation>\n</AdaptationSet>\n")
    }

    /// Subtitles are cut where the asset is, and so where its first track is.
    private func writeSegments(to writer: inout TextWriter) {
        guard let part = period.tracks.first else { return }
        writer.append("<SegmentList")
        writer.xml("timescale", Int64(part.track.timescale))
        writer.xml(
            "presentationTimeOffset",
            period.start.rounded(toTimescale: part.track.timescale)
        )
        writer.append(">\n")
        DASHTimeline.write(part.segments, to: &writer)
        let start = Array("<SegmentURL media=\"../\(version.text)/\(track.name)/".utf8)
        for segment in part.segments {
            writer.append(start)
            segment.writeReference(to: &writer)
            writer.append(".vtt\"/>\n")
        }
        writer.append("</SegmentList>\n")
    }

    /// The role scheme's word. ISO/IEC 23009-1 §5.8.5.5
    private var role: String {
        switch track.role {
        case .main: "subtitle"
        case .sdh: "caption"
        case .forced: "forced-subtitle"
        case .commentary: "commentary"
        case .description: "description"
        }
    }

    /// An estimate, 80 bytes a cue, as players do not choose by it.
    private var bandwidth: Int {
        let last = track.document.cues.last?.endMilliseconds ?? 0
        return max(256, track.document.cues.count * 80 * 8 / max(1, Int(last / 1000)))
    }
}
