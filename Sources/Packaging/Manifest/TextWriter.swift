/// Writes text as bytes: what playlists, manifests and subtitle segments are made with.
///
/// It makes no strings, so that a line of a playlist costs some tens of nanoseconds.
package struct TextWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Text that was made before, as the parts of a line that repeat.
    package mutating func append(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    package mutating func append(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
    }

    package mutating func append(_ number: Int) {
        if number < 0 { append("-" as Unicode.Scalar) }
        append(digitsOf: number.magnitude)
    }

    package mutating func append(_ number: Int64) {
        append(Int(number))
    }

    /// Writes a number with at least `count` digits, zeros in front.
    package mutating func append(_ number: UInt, digits count: Int) {
        append(digitsOf: number, atLeast: count)
    }

    /// Writes millionths as a decimal number with all six places: 4004000 as `4.004000`.
    package mutating func append(millionths value: Int64) {
        if value < 0 { append("-" as Unicode.Scalar) }
        let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        append(digitsOf: UInt(whole))
        append("." as Unicode.Scalar)
        append(digitsOf: UInt(fraction), atLeast: 6)
    }

    /// Writes thousandths as a decimal number with all three places: 29970 as `29.970`.
    package mutating func append(thousandths value: Int64) {
        let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
        append(digitsOf: UInt(whole))
        append("." as Unicode.Scalar)
        append(digitsOf: UInt(fraction), atLeast: 3)
    }

    /// Writes hexadecimal digits, at least `count`.
    package mutating func append(
        hexadecimal number: UInt64,
        digits count: Int = 1,
        isUpper: Bool = false
    ) {
        let text = String(number, radix: 16, uppercase: isUpper)
        for _ in 0..<max(0, count - text.utf8.count) { append("0" as Unicode.Scalar) }
        append(text)
    }

    private mutating func append(digitsOf number: UInt, atLeast count: Int = 1) {
        let start = bytes.count
        var (rest, digit) = number.quotientAndRemainder(dividingBy: 10)
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        while rest > 0 || bytes.count - start < count {
            (rest, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        }
        var (low, high) = (start, bytes.count - 1)
        while low < high {
            bytes.swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }
}
