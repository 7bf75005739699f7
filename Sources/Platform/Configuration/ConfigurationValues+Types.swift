/// Typed readings of values, each with its default and its range.
extension ConfigurationValues {
    package mutating func string(_ key: String, default standard: String) -> String {
        text(key) ?? standard
    }

    /// Several values: a YAML sequence, or one text with commas.
    package mutating func list(_ key: String, default standard: [String]) -> [String] {
        guard let text = text(key) else { return standard }
        return text.split(separator: ",").map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    package mutating func boolean(
        _ key: String,
        default standard: Bool
    ) throws(ConfigurationError) -> Bool {
        switch text(key)?.lowercased() {
        case nil: return standard
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        case let value?: throw .invalid(key: key, value: value, expected: "true or false")
        }
    }

    package mutating func integer(
        _ key: String,
        default standard: Int,
        in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        guard let value = text(key) else { return standard }
        guard let number = Int(value), range.contains(number) else {
            throw .invalid(
                key: key,
                value: value,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    package mutating func fraction(
        _ key: String,
        default standard: Double
    ) throws(ConfigurationError) -> Double {
        guard let value = text(key) else { return standard }
        guard let number = Double(value), (0...1).contains(number) else {
            throw .invalid(key: key, value: value, expected: "a number from 0 to 1")
        }
        return number
    }

    /// A wait or a life: `250ms`, `4s`, `10m`, `1h`.
    package mutating func duration(
        _ key: String,
        default standard: Duration,
        in range: ClosedRange<Duration>
    ) throws(ConfigurationError) -> Duration {
        guard let value = text(key) else { return standard }
        guard let duration = Self.duration(value), range.contains(duration) else {
            throw .invalid(
                key: key,
                value: value,
                expected: "a time such as 250ms, 4s or 10m, "
                    + "from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return duration
    }

    /// A size in bytes: `512`, `64KiB`, `256MiB`, `4GiB`.
    package mutating func byteSize(
        _ key: String,
        default standard: Int,
        in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        guard let value = text(key) else { return standard }
        guard let size = Self.byteSize(value), range.contains(size) else {
            throw .invalid(
                key: key,
                value: value,
                expected: "a size such as 64KiB or 256MiB, "
                    + "from \(range.lowerBound) to \(range.upperBound) bytes"
            )
        }
        return size
    }

    package mutating func address(
        _ key: String,
        default standard: String
    ) throws(ConfigurationError) -> ListenAddress {
        let value = text(key) ?? standard
        guard let address = ListenAddress(text: value) else {
            throw .invalid(key: key, value: value, expected: "HOST:PORT, such as 127.0.0.1:8080")
        }
        return address
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        default standard: Choice
    ) throws(ConfigurationError) -> Choice {
        guard let value = text(key) else { return standard }
        guard let choice = Choice(rawValue: value) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(key: key, value: value, expected: "one of \(names)")
        }
        return choice
    }

    private static func duration(_ text: String) -> Duration? {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        for (suffix, seconds) in units where text.hasSuffix(suffix) {
            guard let number = Double(text.dropLast(suffix.count)), number.isFinite, number >= 0,
                number < 1e9
            else {
                continue
            }
            return .milliseconds(Int64((number * seconds * 1000).rounded()))
        }
        return nil
    }

    private static func byteSize(_ text: String) -> Int? {
        let units: [(String, Int)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1),
        ]
        for (suffix, factor) in units where text.hasSuffix(suffix) {
            guard let number = Int(text.dropLast(suffix.count)), number >= 0 else { continue }
            let (size, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow ? nil : size
        }
        return nil
    }
}
