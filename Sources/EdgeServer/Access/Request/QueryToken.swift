/// The query parameter `token`.
///
/// Not decoded: no token needs an escape, so one that has any is none.
enum QueryToken {
    static let name = "token="

    /// Where the first such parameter's value stands.
    static func find(_ query: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < query.count {
            let end = ASCIIText.index(of: ampersand, in: query, from: start)
            if ASCIIText.begins(query.extracting(start..<end), name) {
                return start + name.utf8.count..<end
            }
            start = end + 1
        }
        return nil
    }

    /// The query without any such parameter, the others as they came.
    static func removed(from query: String) -> String {
        query.split(separator: "&").filter { !$0.hasPrefix(name) }.joined(separator: "&")
    }

    private static let ampersand = UInt8(ascii: "&")
}
