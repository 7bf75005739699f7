/// The text of a subtitle packet, as WebVTT has it.
package enum SubtitleText {
    /// - Returns: lines joined by line feeds; empty where there is nothing to show.
    package static func webVTT(_ bytes: [UInt8], codec: String) -> String {
        switch codec {
        case "mov_text": escaped(timedText(bytes))
        case "webvtt": cue(String(decoding: bytes, as: UTF8.self))
        default: cue(subRip(String(decoding: bytes, as: UTF8.self)))
        }
    }

    /// 3GPP timed text: a length, the text, then boxes of style. 3GPP TS 26.245 §5.17
    private static func timedText(_ bytes: [UInt8]) -> String {
        guard bytes.count >= 2 else { return "" }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        return cue(String(decoding: bytes.dropFirst(2).prefix(length), as: UTF8.self))
    }

    /// SubRip's markup is HTML's: what WebVTT shares with it stays, other tags go.
    private static func subRip(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(where: { $0 == "<" || $0 == "&" || $0 == "{" }) {
            result += rest[..<mark]
            rest = rest[mark...]
            if rest.hasPrefix("{\\"), let end = rest.firstIndex(of: "}") {
                rest = rest[rest.index(after: end)...]
            } else if rest.first == "<", let end = rest.firstIndex(of: ">"), isTag(rest[..<end]) {
                let tag = rest[...end].lowercased()
                if keptTags.contains(tag) { result += tag }
                rest = rest[rest.index(after: end)...]
            } else {
                result += escaped(String(rest.removeFirst()))
            }
        }
        return result + rest
    }

    private static let keptTags: Set<String> = ["<b>", "</b>", "<i>", "</i>", "<u>", "</u>"]

    /// Whether what follows `<` is a tag and not a comparison: `<font color=…`, `</i`.
    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.dropFirst().first else { return false }
        return first.isLetter || first == "/"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }

    /// A blank line ends a cue and `-->` would begin one: neither may stand in its text.
    private static func cue(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
            .filter { !$0.allSatisfy(\.isWhitespace) }
            .map { $0.replacing("\0", with: "").replacing("-->", with: "--&gt;") }
        return lines.joined(separator: "\n")
    }
}
