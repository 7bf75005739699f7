/// Which streams of a source are imported, and into which files of the library folder.
package struct TrackSelection: Hashable {
    package struct Track: Hashable {
        package var streamIndex: Int
        /// As `INTERFACE` names them: `720p.mp4`, `audio.en.m4a`, `en.vtt`.
        package var fileName: String
        /// ISO 639-2 code for `mdhd`.
        package var language: String
    }

    package var video: Track?
    package var audios: [Track] = []
    package var subtitles: [Track] = []
    /// What was left out, for the person who imports.
    package var warnings: [String] = []

    /// The names of all files, in the order of their writing.
    package var files: [String] {
        ([video].compactMap { $0 } + audios + subtitles).map(\.fileName)
    }

    /// - Throws: `unsupportedVideo`, `unsupportedAudio` where all of a kind must be refused,
    ///   `nothingToImport` where there is neither.
    package init(_ description: MediaDescription) throws(TranscodingError) {
        try selectVideo(description.streams.filter { $0.kind == .video && !$0.isAttachedPicture })
        try selectAudio(description.streams.filter { $0.kind == .audio })
        guard video != nil || !audios.isEmpty else { throw .nothingToImport }
        selectSubtitles(description.streams.filter { $0.kind == .subtitle })
    }

    private mutating func selectVideo(
        _ streams: [MediaDescription.Stream]
    ) throws(TranscodingError) {
        let accepted = streams.filter { MediaCodec.video.contains($0.codec) && $0.height > 0 }
        guard let chosen = accepted.first(where: \.isDefault) ?? accepted.first else {
            if let refused = streams.first {
                throw .unsupportedVideo(codec: MediaCodec.name(refused.codec))
            }
            return
        }
        video = Track(
            streamIndex: chosen.index,
            fileName: "\(chosen.height)p.mp4",
            language: LanguageCode(chosen.language).iso639
        )
        for other in streams where other.index != chosen.index {
            warnings.append(
                "video stream \(other.index) is left out: one video is imported, "
                    + "stream \(chosen.index)"
            )
        }
    }

    private mutating func selectAudio(
        _ streams: [MediaDescription.Stream]
    ) throws(TranscodingError) {
        var taken: Set<String> = []
        for stream in streams {
            guard MediaCodec.audio.contains(stream.codec), stream.sampleRate > 0 else {
                warnings.append(
                    "audio stream \(stream.index) is left out: "
                        + "it is \(MediaCodec.name(stream.codec)), which cannot be packaged"
                )
                continue
            }
            let language = LanguageCode(stream.language)
            let names = Self.audioNames(stream, language: language.tag)
            guard let name = names.first(where: { !taken.contains($0) }) else {
                warnings.append(
                    "audio stream \(stream.index) is left out: "
                        + "the library cannot tell it from another of its language and codec"
                )
                continue
            }
            taken.insert(name)
            audios.append(
                Track(
                    streamIndex: stream.index,
                    fileName: "audio.\(name).m4a",
                    language: language.iso639
                )
            )
        }
        if audios.isEmpty, let refused = streams.first {
            throw .unsupportedAudio(codec: MediaCodec.name(refused.codec))
        }
    }

    /// The names that a stream could have, plainest first.
    private static func audioNames(
        _ stream: MediaDescription.Stream,
        language: String
    ) -> [String] {
        let role =
            stream.isCommentary ? "commentary" : stream.isDescription ? "description" : "main"
        let plain = role == "main" ? [language, "\(language).\(stream.codec)"] : []
        return plain + ["\(language).\(role)", "\(language).\(role).\(stream.codec)"]
    }

    private mutating func selectSubtitles(_ streams: [MediaDescription.Stream]) {
        var taken: Set<String> = []
        for stream in streams {
            guard MediaCodec.subtitles.contains(stream.codec) else {
                warnings.append(
                    "subtitle stream \(stream.index) is left out: "
                        + "it is \(MediaCodec.name(stream.codec)), which is not text"
                )
                continue
            }
            let language = LanguageCode(stream.language)
            let role =
                stream.isForced
                ? "forced"
                : stream.isForHearingImpaired
                    ? "sdh"
                    : stream.isCommentary
                        ? "commentary" : stream.isDescription ? "description" : nil
            let names =
                role.map { ["\(language.tag).\($0)"] } ?? [language.tag, "\(language.tag).main"]
            guard let name = names.first(where: { !taken.contains($0) }) else {
                warnings.append(
                    "subtitle stream \(stream.index) is left out: "
                        + "there is already one of its language and role"
                )
                continue
            }
            taken.insert(name)
            subtitles.append(
                Track(
                    streamIndex: stream.index,
                    fileName: "\(name).vtt",
                    language: language.iso639
                )
            )
        }
    }
}
