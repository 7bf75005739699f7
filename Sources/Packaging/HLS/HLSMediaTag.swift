import ISOBMFF

/// `EXT-X-MEDIA`: one audio or subtitle rendition of a group.
///
/// RFC 8216bis §4.4.6.1
package struct HLSMediaTag {
    package enum Kind: String {
        case audio = "AUDIO"
        case subtitles = "SUBTITLES"
    }

    var kind: Kind
    var groupID: String
    var name: String
    var language: String
    var role: TrackRole
    var isDefault: Bool
    /// Of an audio rendition: `2`, `16/JOC`.
    var channels: String?
    /// Nil where the rendition is in the variant's own segments.
    var uri: String?

    package init(
        kind: Kind,
        groupID: String,
        name: String,
        language: String,
        role: TrackRole,
        isDefault: Bool,
        channels: String? = nil,
        uri: String? = nil
    ) {
        self.kind = kind
        self.groupID = groupID
        self.name = name
        self.language = language
        self.role = role
        self.isDefault = isDefault
        self.channels = channels
        self.uri = uri
    }

    package func write(to writer: inout TextWriter) {
        writer.append("#EXT-X-MEDIA:")
        writer.attribute("TYPE", kind.rawValue)
        writer.attribute("GROUP-ID", quoted: groupID)
        if language != "und", !language.isEmpty { writer.attribute("LANGUAGE", quoted: language) }
        writer.attribute("NAME", quoted: name)
        writer.attribute("DEFAULT", isDefault ? "YES" : "NO")
        writer.attribute("AUTOSELECT", isAutoselected ? "YES" : "NO")
        if kind == .subtitles { writer.attribute("FORCED", role == .forced ? "YES" : "NO") }
        if let characteristics { writer.attribute("CHARACTERISTICS", quoted: characteristics) }
        if let channels { writer.attribute("CHANNELS", quoted: channels) }
        if let uri { writer.attribute("URI", quoted: uri) }
        writer.append("\n")
    }

    /// What a player may choose by the viewer's settings: all but a commentary, which has the same
    /// language and characteristics as the main audio, and so cannot be told from it.
    private var isAutoselected: Bool {
        switch role {
        case .main: true
        case .commentary: isDefault
        case .description: isDefault || kind == .audio
        case .sdh, .forced: isDefault || kind == .subtitles
        }
    }

    /// What the role means to viewers who need it. RFC 8216bis §4.4.6.1, CHARACTERISTICS
    private var characteristics: String? {
        switch (kind, role) {
        case (.audio, .description):
            "public.accessibility.describes-video"
        case (.subtitles, .sdh):
            "public.accessibility.transcribes-spoken-dialog,"
                + "public.accessibility.describes-music-and-sound"
        default: nil
        }
    }
}

extension AssetTrack {
    /// The CHANNELS attribute; nil where the number is not known.
    ///
    /// Dolby Atmos is said as 16 objects, the number that its authoring guides state.
    package var hlsChannels: String? {
        if case .eac3(isJOC: true) = sampleEntries.first?.codec { return "16/JOC" }
        return channelCount > 0 ? String(channelCount) : nil
    }
}

/// Gives each rendition of a group a name of its own.
package struct HLSNames {
    private var taken: Set<String> = []

    package init() {}

    /// The label; the language or the role where there is none; with a number where it is taken.
    package mutating func name(label: String, language: String, role: TrackRole) -> String {
        let base = label.isEmpty ? (language == "und" ? role.rawValue : language) : label
        var name = base
        var number = 1
        while !taken.insert(name).inserted {
            number += 1
            name = "\(base) (\(number))"
        }
        return name
    }
}
