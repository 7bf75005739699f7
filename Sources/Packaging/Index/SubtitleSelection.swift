/// The sidecar subtitles of an asset; a file that cannot be read is left out and named.
struct SubtitleSelection {
    private(set) var tracks: [SubtitleTrack] = []
    private(set) var omissions: [AssetIndex.Omission] = []

    init(_ files: [SubtitleFile]) {
        var names = TrackNames()
        var labels = TrackNames()
        for file in files {
            guard tracks.count < IndexLimits.subtitles else {
                let reason = "more than \(IndexLimits.subtitles) subtitles"
                omissions.append(AssetIndex.Omission(file: file.name, reason: reason))
                continue
            }
            do {
                let document = try WebVTTDocument(parsing: file.bytes)
                let label = TrackNames.label(language: file.language, role: file.role)
                tracks.append(
                    SubtitleTrack(
                        name: names.unique(TrackNames.subtitles(file)),
                        label: labels.unique(label),
                        language: file.language,
                        role: file.role,
                        document: document
                    )
                )
            } catch {
                omissions.append(AssetIndex.Omission(file: file.name, reason: error.description))
            }
        }
    }

}
