/// The first segments of a path, which a token is bound to.
enum PathPrefix {
    /// Bytes of the path's first segments, with the slash before and the one behind them.
    ///
    /// - Returns: nil where the path has no more than these.
    static func sizeBytes(of path: Span<UInt8>, segments: Int) -> Int? {
        guard path.count > 0, path[0] == slash else { return nil }
        var found = 0
        var index = 1
        while found < segments {
            while index < path.count, path[index] != slash { index += 1 }
            guard index < path.count, index < AccessLimits.prefixSizeBytes else { return nil }
            index += 1
            found += 1
        }
        return index
    }

    /// The segments of a prefix that can be signed: `/`, `/videos/`, `/videos/abc/`.
    ///
    /// - Returns: nil where it has no such form, or holds what addresses do not need (`%`, dots as a
    ///   segment): that could be written in a second way.
    static func segments(of prefix: String) -> Int? {
        let bytes = Array(prefix.utf8)
        guard bytes.first == slash, bytes.last == slash,
            bytes.count <= AccessLimits.prefixSizeBytes
        else { return nil }
        let segments = bytes.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
            .dropLast()
        guard segments.count <= AccessLimits.prefixSegments,
            segments.allSatisfy({ segment in
                !segment.isEmpty && !segment.elementsEqual(".".utf8)
                    && !segment.elementsEqual("..".utf8) && segment.allSatisfy(isPlain)
            })
        else { return nil }
        return segments.count
    }

    /// `pchar` without escapes. RFC 3986 §3.3
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
            || "-._~!$&'()*+,;=:@".utf8.contains(byte)
    }

    private static let slash = UInt8(ascii: "/")
}
