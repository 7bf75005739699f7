package import ISOBMFF

/// What an asset is made of: the parsed headers of its files.
package struct AssetSource: Sendable {
    package var files: [SourceFile]
    package var subtitles: [SubtitleFile]
    /// Text tracks of the files, in their order.
    package var texts: [EmbeddedText]

    package init(
        files: [SourceFile],
        subtitles: [SubtitleFile] = [],
        texts: [EmbeddedText] = []
    ) {
        self.files = files
        self.subtitles = subtitles
        self.texts = texts
    }
}

/// One media file of an asset.
package struct SourceFile: Sendable {
    /// File name, as people will see it in `/status`.
    package var name: String
    /// Name of its video rendition (`720p`); nil: from the picture's height.
    package var rendition: String?
    /// Set for files that hold a further audio: `audio.{language}[.{role}][.{codec}].m4a`.
    package var audioLanguage: String?
    package var role: TrackRole
    package var sizeBytes: UInt64
    package var movie: Movie
    /// Whether the videos have captions, by track ID; those that are not known are missing.
    package var hasCaptions: [UInt32: Bool] = [:]

    package init(
        name: String,
        rendition: String? = nil,
        audioLanguage: String? = nil,
        role: TrackRole = .main,
        sizeBytes: UInt64,
        movie: Movie
    ) {
        self.name = name
        self.rendition = rendition
        self.audioLanguage = audioLanguage
        self.role = role
        self.sizeBytes = sizeBytes
        self.movie = movie
    }
}

/// One WebVTT file of an asset.
package struct SubtitleFile: Sendable {
    package var name: String
    package var language: String
    package var role: TrackRole
    package var bytes: [UInt8]

    package init(name: String, language: String, role: TrackRole = .main, bytes: [UInt8]) {
        self.name = name
        self.language = language
        self.role = role
        self.bytes = bytes
    }
}

/// What a track is for; the roles of a library folder's file names.
package enum TrackRole: String, Sendable, CaseIterable {
    case main
    case commentary
    case description
    case sdh
    case forced
}
