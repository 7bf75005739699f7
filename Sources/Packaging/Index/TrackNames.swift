import ISOBMFF

/// Names of tracks in addresses, and for people.
struct TrackNames {
    private var taken: Set<String> = []

    /// A name made unique by a number behind it.
    mutating func unique(_ name: String) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    /// A text as addresses can hold it: `[A-Za-z0-9._-]+`, cut to a bearable length.
    static func sanitized(_ text: String) -> String {
        let limit = AddressLimits.trackNameLength / 4
        let characters = text.unicodeScalars.prefix(limit).map { scalar -> Character in
            MediaAddress.isName("a" + String(scalar)) ? Character(scalar) : "-"
        }
        return characters.isEmpty ? "und" : String(characters)
    }

    /// The rendition's name, from its file or else from its picture's shorter side.
    static func rendition(_ choice: TrackSelection.Choice) -> String {
        if let name = choice.file.rendition, !name.isEmpty { return sanitized(name) }
        let video = choice.track.sampleEntries[0].video
        return "\(min(video?.width ?? 0, video?.height ?? 0))p"
    }

    /// `audio-en-mp4a`, and the role where it is not main.
    static func audio(_ choice: TrackSelection.Choice) -> String {
        let role = choice.role == .main ? "" : "-\(choice.role.rawValue)"
        let family = choice.codec.family
        let codec = family == .aac ? "mp4a" : family.rawValue
        return "audio-\(sanitized(choice.language))-\(codec)\(role)"
    }

    /// `text-en`, and the role where it is not main.
    static func subtitles(language: String, role: TrackRole) -> String {
        let role = role == .main ? "" : "-\(role.rawValue)"
        return "text-\(sanitized(language))\(role)"
    }

    /// What people read: the language and the role.
    static func label(language: String, role: TrackRole) -> String {
        let name = LanguageName.autonym(language)
        return role == .main ? name : "\(name) (\(role.rawValue))"
    }
}
