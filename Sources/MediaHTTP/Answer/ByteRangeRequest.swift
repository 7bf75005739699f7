/// What a `Range` field asks of a body whose size is known. RFC 9110 §14
package enum ByteRangeRequest: Hashable, Sendable {
    /// The whole body: no range, several, another unit, or one that cannot be read.
    case whole
    /// These bytes, never empty: 206.
    case part(Range<UInt64>)
    /// None of the body's bytes: 416.
    case unsatisfiable

    /// Reads `bytes=first-last`, `bytes=first-` or `bytes=-count`.
    ///
    /// Several ranges get the whole body, which §14.2 allows, rather than a multipart one that no
    /// player asks for.
    package init(_ field: some StringProtocol, sizeBytes: UInt64) {
        self = Self.evaluate(field, sizeBytes: sizeBytes)
    }

    private static func evaluate(_ field: some StringProtocol, sizeBytes: UInt64) -> Self {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return .whole }
        let set = parts[1].drop { $0 == " " || $0 == "\t" }
        let ends = set.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return .whole }
        switch (bound(ends[0]), bound(ends[1])) {
        case (.number(let first), .number(let last)) where first <= last:
            return part(first: first, last: last, sizeBytes: sizeBytes)
        case (.number(let first), .none):
            return part(first: first, last: .max, sizeBytes: sizeBytes)
        case (.none, .number(let count)):
            guard count > 0, sizeBytes > 0 else { return .unsatisfiable }
            return .part(sizeBytes - min(count, sizeBytes)..<sizeBytes)
        default:
            return .whole
        }
    }

    private static func part(first: UInt64, last: UInt64, sizeBytes: UInt64) -> Self {
        guard first < sizeBytes else { return .unsatisfiable }
        return .part(first..<min(last, sizeBytes - 1) + 1)
    }

    private enum Bound {
        case none
        case number(UInt64)
        case invalid
    }

    /// A number past 64 bits is still a number, past any body's end.
    private static func bound(_ text: some StringProtocol) -> Bound {
        guard !text.isEmpty else { return .none }
        guard text.utf8.allSatisfy(ASCII.isDigit) else { return .invalid }
        return .number(UInt64(text) ?? .max)
    }
}
