/// `bytes 0-99/1000`. RFC 9110 §14.4
struct ContentRange: Hashable, Sendable {
    var bytes: Range<UInt64>
    var totalSizeBytes: UInt64
    /// Of the part.
    var sizeBytes: UInt64 { bytes.upperBound - bytes.lowerBound }

    init(bytes: Range<UInt64>, totalSizeBytes: UInt64) {
        self.bytes = bytes
        self.totalSizeBytes = totalSizeBytes
    }

    init?(_ text: String) {
        guard text.hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let total = Self.number(parts[1]) else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            first <= last, last < total
        else { return nil }
        bytes = first..<last + 1
        totalSizeBytes = total
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard (1...18).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt64(text)
    }
}
