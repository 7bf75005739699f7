/// Languages as manifests say them: the shortest tag that BCP 47 has, so that `eng` of an `mdhd`
/// and `en` of a file's name are one language.
///
/// RFC 5646 §2.2.1
enum LanguageTag {
    /// The tag with a primary language of three letters made two where it has them.
    static func shortest(of tag: String) -> String {
        guard !tag.isEmpty else { return "und" }
        let subtags = tag.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let primary = subtags[0].utf8.map { $0 | 0x20 }
        guard primary.count == 3, let short = twoLetters(of: primary) else { return tag }
        return ([short] + subtags.dropFirst().map(String.init)).joined(separator: "-")
    }

    private static func twoLetters(of primary: [UInt8]) -> String? {
        let row = LanguageCode.table.first { $0.dropFirst(2).elementsEqual(primary) }
        if let row { return String(decoding: row.prefix(2), as: UTF8.self) }
        return bibliographic[String(decoding: primary, as: UTF8.self)]
    }

    /// ISO 639-2/B codes, which older files have, where they differ from ISO 639-2/T.
    private static let bibliographic = [
        "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl",
        "fre": "fr", "geo": "ka", "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi",
        "may": "ms", "per": "fa", "rum": "ro", "slo": "sk", "tib": "bo", "wel": "cy",
    ]
}
