/// The subtitles of an asset: files beside the video first, then text tracks inside it.
///
/// What cannot be read is left out and named.
struct SubtitleSelection {
    private(set) var tracks: [SubtitleTrack] = []
    private(set) var omissions: [AssetIndex.Omission] = []
    private var names = TrackNames()
    private var labels = TrackNames()

    /// - Parameters:
    ///   - files: beside the video, on the asset's timeline.
    ///   - texts: inside it, on their files' timeline.
    ///   - origin: where on that timeline the asset's starts.
    init(_ files: [SubtitleFile], _ texts: [EmbeddedText] = [], origin: MediaTime = .zero) {
        for file in files {
            add(file.name, language: file.language, role: file.role) { () throws(PackagingError) in
                try WebVTTDocument(parsing: file.bytes)
            }
        }
        let start = origin.rounded(toTimescale: 1000)
        let fileCount = tracks.count
        for text in texts {
            // Each rendition of a video may hold the same text.
            let isThere = tracks.dropFirst(fileCount).contains { track in
                track.language == text.language
                    && (try? text.document.get().starting(at: start)) == track.document
            }
            if isThere { continue }
            add(text.name, language: text.language, role: .main) { () throws(PackagingError) in
                try text.document.get().starting(at: start)
            }
        }
    }

    private mutating func add(
        _ file: String,
        language: String,
        role: TrackRole,
        document: () throws(PackagingError) -> WebVTTDocument
    ) {
        guard tracks.count < IndexLimits.subtitles else {
            return omit(file, "more than \(IndexLimits.subtitles) subtitles")
        }
        do throws(PackagingError) {
            let document = try document()
            tracks.append(
                SubtitleTrack(
                    name: names.unique(TrackNames.subtitles(language: language, role: role)),
                    label: labels.unique(TrackNames.label(language: language, role: role)),
                    language: language,
                    role: role,
                    document: document
                )
            )
        } catch {
            omit(file, error.description)
        }
    }

    private mutating func omit(_ file: String, _ reason: String) {
        omissions.append(AssetIndex.Omission(file: file, reason: reason))
    }
}

extension WebVTTDocument {
    /// The same on a timeline that starts later; what is over by then is left out.
    fileprivate func starting(at start: Int64) -> WebVTTDocument {
        guard start > 0 else { return self }
        var document = self
        document.cues = cues.filter { $0.endMilliseconds > start }.map { cue in
            var cue = cue
            cue.startMilliseconds = max(cue.startMilliseconds - start, 0)
            cue.endMilliseconds -= start
            return cue
        }
        return document
    }
}
