/// The path's first segment `_t` and the token behind it, which stand before the path proper.
///
/// Only there: `_t` further on is a name like any other.
enum TokenPath {
    /// What stands in front of a token.
    static let lead = "/_t/"

    static func hasToken(_ path: Span<UInt8>) -> Bool {
        ASCIIText.begins(path, lead)
    }

    /// Finds the token, and where the path proper begins with its slash.
    ///
    /// - Returns: nil where no path follows, or one that has a token again.
    static func split(_ path: Span<UInt8>) -> (token: Range<Int>, restStart: Int)? {
        let start = lead.utf8.count
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        guard end < path.count, !hasToken(path.extracting(end..<path.count)) else { return nil }
        return (start..<end, end)
    }
}
