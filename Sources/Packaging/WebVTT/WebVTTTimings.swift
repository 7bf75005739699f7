/// The line of a cue that says when it is shown: `00:01.000 --> 00:02.500 line:0`.
///
/// W3C WebVTT §6.3
struct WebVTTTimings {
    var startMilliseconds: Int64
    var endMilliseconds: Int64
    /// What follows the times, without the blanks around it.
    var settings: String

    /// Reads a line; nil where it is no timings line, and where the cue would never be shown.
    init?(_ line: ArraySlice<UInt8>) {
        var rest = line
        Self.skipBlanks(&rest)
        guard let start = Self.timestamp(&rest) else { return nil }
        Self.skipBlanks(&rest)
        guard rest.starts(with: "-->".utf8) else { return nil }
        rest = rest.dropFirst(3)
        Self.skipBlanks(&rest)
        guard let end = Self.timestamp(&rest), start < end else { return nil }
        Self.skipBlanks(&rest)
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        startMilliseconds = start
        endMilliseconds = end
        settings = String(decoding: rest, as: UTF8.self)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0C
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop(while: isBlank)
    }

    /// Reads `[h…:]mm:ss.ttt`. W3C WebVTT §6.3, collect a WebVTT timestamp
    private static func timestamp(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard let first = digits(&rest, count: 1...WebVTTLimits.hourDigits),
            skip(":", &rest), let second = digits(&rest, count: 2...2)
        else {
            return nil
        }
        var (hours, minutes, seconds) = (Int64(0), first.value, second.value)
        if skip(":", &rest) {
            guard let third = digits(&rest, count: 2...2) else { return nil }
            (hours, minutes, seconds) = (first.value, second.value, third.value)
        } else if first.count != 2 {
            return nil
        }
        guard minutes < 60, seconds < 60, skip(".", &rest),
            let milliseconds = digits(&rest, count: 3...3)
        else {
            return nil
        }
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds.value
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads a run of digits; nil where there are not as many as asked for.
    private static func digits(
        _ rest: inout ArraySlice<UInt8>,
        count: ClosedRange<Int>
    ) -> (value: Int64, count: Int)? {
        var (value, length) = (Int64(0), 0)
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            guard length < count.upperBound else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            length += 1
            rest.removeFirst()
        }
        return count.contains(length) ? (value, length) : nil
    }
}
