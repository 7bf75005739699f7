/// Segments of a playlist that differ by a number alone: `…/1.m4s` to `…/60.m4s`.
struct SegmentRun: Hashable, Sendable {
    /// All before the number, the folder's path included.
    var prefix: String
    /// All behind it.
    var suffix: String
    var numbers: ClosedRange<UInt64>

    /// The run that ends a media playlist; nothing where its segments are not numbered one by one.
    ///
    /// - Parameters:
    ///   - playlist: the text.
    ///   - path: the playlist's own.
    init?(playlist: Substring, path: String) {
        guard playlist.hasPrefix("#EXTM3U"), let slash = path.lastIndex(of: "/") else { return nil }
        var first: NumberedName?
        var last: NumberedName?
        for line in playlist.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
        where !line.hasPrefix("#") {
            guard let name = NumberedName(line) else { return nil }
            if let previous = last, previous.continues(name) {
                last = name
            } else {
                first = name
                last = name
            }
        }
        guard let first, let last, first.number < last.number else { return nil }
        prefix = String(path[...slash]) + first.prefix
        suffix = String(first.suffix)
        numbers = first.number...last.number
    }

    func path(_ number: UInt64) -> String { "\(prefix)\(number)\(suffix)" }
}

/// A relative address whose last run of digits before the extension is its number.
struct NumberedName: Hashable {
    /// Digits of a number that is one.
    static let digitCount = 15

    var prefix: Substring
    var number: UInt64
    var suffix: Substring

    init?(_ text: Substring) {
        let bytes = text.utf8
        let stem = bytes[..<(bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex)]
        guard !text.contains("?"), !text.contains(":"), !text.hasPrefix("/"),
            let last = stem.lastIndex(where: Self.isDigit)
        else { return nil }
        let end = bytes.index(after: last)
        let digits = bytes[..<end].reversed().prefix(while: Self.isDigit).count
        guard digits <= Self.digitCount else { return nil }
        let start = bytes.index(end, offsetBy: -digits)
        guard let number = UInt64(text[start..<end]),
            digits == 1 || bytes[start] != UInt8(ascii: "0")
        else { return nil }
        prefix = text[..<start]
        self.number = number
        suffix = text[end...]
    }

    func continues(_ next: NumberedName) -> Bool {
        next.number == number + 1 && next.prefix == prefix && next.suffix == suffix
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
