package import Packaging

/// What a file of a video's folder is, by its name.
///
/// `720p.mp4`: a rendition; `audio.{language}[.{role}][.{codec}].m4a`: a further audio;
/// `{language}[.{role}].vtt`: subtitles. Anything else is no part of the video.
package enum LibraryFileName: Hashable, Sendable {
    case rendition(String)
    case audio(language: String, role: TrackRole)
    case subtitles(language: String, role: TrackRole)

    package init?(_ name: String) {
        guard MediaAddress.isName(name) else { return nil }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let words = parts.dropLast()
        switch parts[parts.count - 1] {
        case "mp4":
            self = .rendition(words.joined(separator: "."))
        case "m4a":
            guard words.first == "audio", words.count >= 2, words.count <= 4,
                Self.isLanguage(words[1])
            else {
                return nil
            }
            let role = words.count >= 3 ? TrackRole(rawValue: words[2]) : nil
            // audio.en.ac3.m4a: the third word is a role or, where it is none, the codec.
            guard words.count < 4 || role != nil else { return nil }
            self = .audio(language: words[1], role: role ?? .main)
        case "vtt":
            guard words.count <= 2, Self.isLanguage(words[0]) else { return nil }
            guard words.count == 2 else {
                self = .subtitles(language: words[0], role: .main)
                return
            }
            guard let role = TrackRole(rawValue: words[1]) else { return nil }
            self = .subtitles(language: words[0], role: role)
        default:
            return nil
        }
    }

    /// Whether a text has the form of a BCP 47 tag: `en`, `pt-BR`, `zh-Hant-TW`.
    private static func isLanguage(_ text: String) -> Bool {
        let subtags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let primary = subtags.first, (2...8).contains(primary.count) else { return false }
        return subtags.allSatisfy { subtag in
            (1...8).contains(subtag.count)
                && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        } && primary.allSatisfy(\.isLetter)
    }
}
