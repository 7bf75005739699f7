/// Texts from elsewhere in a form that cannot end a cue, or begin another, where it is written.
///
/// W3C WebVTT §4.2
enum WebVTTText {
    /// Plain text as cue text.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return lines(escaped)
    }

    /// Cue text without blank lines, which would end it, and arrows, which would start another.
    static func lines(_ text: String) -> String {
        text.unicodeScalars
            .split { $0 == "\n" || $0 == "\r" || $0 == "\u{2028}" || $0 == "\u{2029}" }
            .map { withoutArrows(String($0)) }
            .joined(separator: "\n")
    }

    /// An identifier or settings, which have one line.
    static func oneLine(_ text: String) -> String {
        lines(text).split(separator: "\n").joined(separator: " ")
    }

    private static func withoutArrows(_ line: String) -> String {
        var result = ""
        var dashes = 0
        for scalar in line.unicodeScalars {
            if scalar == ">", dashes >= 2 {
                result += "&gt;"
            } else {
                // A NUL has no place in a WebVTT file.
                result.unicodeScalars.append(scalar == "\0" ? "\u{FFFD}" : scalar)
            }
            dashes = scalar == "-" ? dashes + 1 : 0
        }
        return result
    }
}
