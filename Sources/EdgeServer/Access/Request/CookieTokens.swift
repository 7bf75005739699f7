/// The cookie `millrace_token`.
///
/// Read as leniently as browsers and libraries write it: spaces around pairs, quotes around a value,
/// pairs without a name. RFC 6265 §4.2.1
enum CookieTokens {
    static let name = "millrace_token="

    /// Where the values of such cookies stand in a `Cookie` field, at most `AccessLimits.cookieTokens`.
    ///
    /// A browser sends one for each path that it has one for, the most specific path first.
    static func find(_ field: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < field.count, found.count < AccessLimits.cookieTokens {
            let end = endOfPair(field, from: start)
            let pair = trimmed(field, start..<end)
            if ASCIIText.begins(field.extracting(pair), name) {
                let value = pair.lowerBound + name.utf8.count..<pair.upperBound
                found.append(unquoted(field, value))
            }
            start = end + 1
        }
        return found
    }

    /// Lines of several fields come joined by commas, so a comma ends a pair too.
    private static func endOfPair(_ field: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < field.count, field[index] != UInt8(ascii: ";"),
            field[index] != UInt8(ascii: ",")
        {
            index += 1
        }
        return index
    }

    private static func trimmed(_ field: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == 0x09 }
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, isSpace(field[lower]) { lower += 1 }
        while lower < upper, isSpace(field[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    private static func unquoted(_ field: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        let quote = UInt8(ascii: "\"")
        guard range.count >= 2, field[range.lowerBound] == quote,
            field[range.upperBound - 1] == quote
        else { return range }
        return range.lowerBound + 1..<range.upperBound - 1
    }
}
