/// `/live/{stream_id}`: the page of a stream, which is no media for all that it stands among them.
enum LivePage {
    private static let root: StaticString = "/live/"

    /// Whether a path names it: one segment behind the root.
    static func isNamed(by path: Span<UInt8>) -> Bool {
        let start = root.utf8CodeUnitCount
        guard path.count > start else { return false }
        let isBelow = root.withUTF8Buffer { root in
            for index in 0..<start {
                guard unsafe path[index] == root[index] else { return false }
            }
            return true
        }
        guard isBelow else { return false }
        for index in start..<path.count where path[index] == UInt8(ascii: "/") {
            return false
        }
        return true
    }
}
