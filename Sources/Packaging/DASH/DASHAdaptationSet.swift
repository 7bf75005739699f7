import ISOBMFF

/// Tracks that a player may switch between: of one codec family, language and role, and of one
/// dynamic range or number of channels.
///
/// ISO/IEC 23009-1 §5.3.3
struct DASHAdaptationSet {
    private struct Key: Hashable {
        var kind: AssetTrack.Kind
        var family: CodecFamily
        var language: String
        var role: TrackRole
        var range: VideoRange
        var channelCount: Int
    }

    private var representations: [(track: AssetTrack, segments: DASHSegments)]

    /// Whether templates can name all segments.
    var areNumbered: Bool { representations.allSatisfy(\.segments.areNumbered) }

    static func sets(of period: DASHPeriod, version: AssetVersion) -> [DASHAdaptationSet] {
        var keys: [Key] = []
        var sets: [Key: DASHAdaptationSet] = [:]
        for part in period.tracks {
            let key = key(of: part.track)
            if sets[key] == nil { keys.append(key) }
            sets[key, default: DASHAdaptationSet(representations: [])].representations.append(
                (part.track, DASHSegments(part, in: period, version: version))
            )
        }
        return keys.compactMap { sets[$0] }
    }

    private static func key(of track: AssetTrack) -> Key {
        Key(
            kind: track.kind,
            family: track.family,
            language: track.language,
            role: track.role,
            range: track.videoRange,
            channelCount: track.channelCount
        )
    }

    func write(
        bandwidths: [String: Int],
        defaultAudio: AssetTrack?,
        to writer: inout TextWriter
    ) {
        guard let (first, segments) = representations.first else { return }
        let kind = first.kind == .video ? "video" : "audio"
        writer.append("<AdaptationSet")
        writer.xml("contentType", kind)
        writer.xml("mimeType", kind + "/mp4")
        if !first.language.isEmpty, first.language != "und" { writer.xml("lang", first.language) }
        writer.xml("segmentAlignment", "true")
        writer.xml("startWithSAP", 1)
        if first.kind == .video { writeLargest(to: &writer) }
        if let defaultAudio, first.kind == .audio, first.language == defaultAudio.language,
            first.role == defaultAudio.role
        {
            writer.xml("selectionPriority", 2)
        }
        writer.append(">\n")
        DASHDescriptor.write(of: first, to: &writer)
        let isShared =
            segments.areNumbered
            && representations.allSatisfy { $0.segments.isSameTemplate(as: segments) }
        if isShared { segments.writeTemplate(to: &writer) }
        for (track, segments) in representations {
            DASHRepresentation(track: track, bandwidth: bandwidths[track.name] ?? 1)
                .write(segments: isShared ? nil : segments, to: &writer)
        }
        writer.append("</AdaptationSet>\n")
    }

    /// Writes what bounds all videos of the set, and their aspect ratio where they have one.
    private func writeLargest(to writer: inout TextWriter) {
        let tracks = representations.map(\.track)
        let pictures = tracks.compactMap(\.dashPicture)
        guard let first = pictures.first else { return }
        writer.xml("maxWidth", pictures.map(\.width).max() ?? 0)
        writer.xml("maxHeight", pictures.map(\.height).max() ?? 0)
        let fastest = tracks.max { $0.frameRateThousandths < $1.frameRateThousandths }
        if let rate = fastest?.dashFrameRate { writer.xml("maxFrameRate", rate) }
        if pictures.allSatisfy({ $0.hasAspectRatio(of: first) }) {
            writer.xml("par", first.aspectRatio)
        }
    }
}
