import Packaging

/// What a manifest's query chooses of an asset.
///
/// A clip (`start`, `end`), one quality (`quality`), one audio language (`audio`); other parameters
/// mean nothing and change nothing.
struct Selection {
    let clip: ClipRange?
    /// Frame groups of the clip; nil is all.
    let groups: Range<Int>?
    /// 0-based, into `AssetIndex.tracks`.
    let tracks: [Int]
    /// The same for equal choices, so that they share a manifest and an entity tag.
    let text: String

    /// - Throws: `PackagingError.invalidClip`; `.notFound` for a quality or language there is not.
    init(
        query: String?,
        index: AssetIndex,
        format: MediaAddress.HLSFormat = .cmaf
    ) throws(PackagingError) {
        guard let query, !query.isEmpty else {
            (clip, groups, tracks, text) = (nil, nil, Array(index.tracks.indices), "")
            return
        }
        clip = try ClipRange(query: query)
        groups = try clip.flatMap { clip throws(PackagingError) in try index.groups(of: clip) }
        let quality = Self.value("quality", in: query)
        // In MPEG-TS the default audio is inside the video's segments, whatever is chosen.
        let audio = format == .cmaf ? Self.value("audio", in: query) : nil
        tracks = index.tracks.indices.filter { position in
            let track = index.tracks[position]
            switch track.kind {
            case .video: return quality == nil || track.label == quality
            case .audio: return audio == nil || track.language == audio
            }
        }
        let kinds = Set(index.tracks.map(\.kind))
        guard kinds == Set(tracks.map { index.tracks[$0].kind }) else { throw .notFound }
        text =
            (clip?.query ?? "") + (quality.map { "&quality=\($0)" } ?? "")
            + (audio.map { "&audio=\($0)" } ?? "")
    }

    /// The first value of a parameter that is a plain name; anything else chooses nothing.
    private static func value(_ name: String, in query: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name, MediaAddress.isName(String(parts[1])) {
                return String(parts[1])
            }
        }
        return nil
    }
}

extension AssetIndex {
    /// The frame groups of a clip.
    func groups(of clip: ClipRange) throws(PackagingError) -> Range<Int>? {
        try self.clip(
            start: clip.startMicroseconds.map { Double($0) / 1e6 },
            end: clip.endMicroseconds.map { Double($0) / 1e6 }
        )
    }
}
