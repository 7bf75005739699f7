/// How a path is written, as far as it could be read in two ways.
///
/// A rule looks at a path's bytes, and an origin may decode them, resolve dots or join slashes before
/// it looks. So paths that reach another place by that are refused, and those that merely have escapes
/// or slashes side by side are compared with rules in the form that such an origin would see.
/// RFC 3986 §5.2.4, §6.2.2
enum PathForm: Hashable, Sendable {
    /// Nothing in it can be read in a second way.
    case plain
    /// Escapes or empty segments; these are its bytes without either.
    case resolved([UInt8])
    /// Not from a slash on, with a segment of dots, a backslash, control bytes or a broken escape.
    case malformed

    init(_ path: Span<UInt8>) {
        guard !path.isEmpty, path[0] == Self.slash else {
            self = .malformed
            return
        }
        var isPlain = true
        for index in path.indices {
            switch path[index] {
            case Self.percent: isPlain = false
            case UInt8(ascii: "\\"), 0..<0x20, 0x7F:
                self = .malformed
                return
            case Self.slash where index + 1 < path.count:
                if path[index + 1] == Self.slash || path[index + 1] == Self.dot { isPlain = false }
            default: break
            }
        }
        self = isPlain ? .plain : Self.resolve(path)
    }

    /// The path decoded once, empty segments left out.
    private static func resolve(_ path: Span<UInt8>) -> PathForm {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.count)
        var segmentStart = 0
        var index = 0
        while index < path.count {
            guard let byte = decode(path, &index) else { return .malformed }
            if byte == slash {
                if isDots(bytes[segmentStart...]) { return .malformed }
                if bytes.last != slash { bytes.append(slash) }
                segmentStart = bytes.count
            } else {
                bytes.append(byte)
            }
        }
        return isDots(bytes[segmentStart...]) ? .malformed : .resolved(bytes)
    }

    /// The byte at a place, decoded; nil where it is a broken escape, or one of a byte that no path
    /// has.
    private static func decode(_ path: Span<UInt8>, _ index: inout Int) -> UInt8? {
        guard path[index] == percent else {
            defer { index += 1 }
            return path[index]
        }
        guard index + 2 < path.count, let high = ASCIIText.hexadecimal(path[index + 1]),
            let low = ASCIIText.hexadecimal(path[index + 2])
        else { return nil }
        index += 3
        let byte = high << 4 | low
        return byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") ? nil : byte
    }

    private static func isDots(_ segment: ArraySlice<UInt8>) -> Bool {
        (1...2).contains(segment.count) && segment.allSatisfy { $0 == dot }
    }

    private static let slash = UInt8(ascii: "/")
    private static let percent = UInt8(ascii: "%")
    private static let dot = UInt8(ascii: ".")
}
