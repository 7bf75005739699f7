/// The part of a rewind window that a playlist is asked for: `?start=12.5&end=20` in seconds from
/// the window's start, or as wall times, `?start=2026-11-23T20:56:09Z`.
package struct RewindClip: Hashable, Sendable {
    package enum Time: Hashable, Sendable {
        /// Microseconds from the start of the window, which moves.
        case offset(Int64)
        /// Microseconds since 1970.
        case wall(Int64)

        func microseconds(from start: Int64) -> Int64 {
            switch self {
            case .offset(let offset): start + offset
            case .wall(let time): time
            }
        }
    }

    package var start: Time?
    package var end: Time?

    package init(start: Time?, end: Time?) {
        self.start = start
        self.end = end
    }

    /// Why a query asks for no clip that there can be.
    package enum Failure: Error, Hashable, Sendable {
        /// A value that is neither seconds nor a time, or stands twice.
        case malformed(parameter: String)
        case endNotBehindStart
    }

    private static let mostQueryBytes = 1024

    /// Reads a query without its question mark; nil where it asks for no clip.
    ///
    /// Other parameters are none
    /// of its business.
    package init?(query: some StringProtocol) throws(Failure) {
        guard query.utf8.count <= Self.mostQueryBytes else { return nil }
        var values: [String: Time] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard name == "start" || name == "end" else { continue }
            guard parts.count == 2, values[name] == nil, let time = Time(parts[1]) else {
                throw .malformed(parameter: name)
            }
            values[name] = time
        }
        guard !values.isEmpty else { return nil }
        start = values["start"]
        end = values["end"]
        switch (start, end) {
        case (.offset(let start), .offset(let end)) where end <= start,
            (.wall(let start), .wall(let end)) where end <= start:
            throw .endNotBehindStart
        default:
            break
        }
    }

    /// The query for wall times, which mean the same whenever they are asked for.
    static func query(_ times: Range<Int64>) -> String {
        "?start=" + UTCText.iso(microseconds: times.lowerBound) + "&end="
            + UTCText.iso(microseconds: times.upperBound + 999)
    }
}

extension RewindClip.Time {
    private static let mostDigits = 9
    private static let mostDecimals = 6

    fileprivate init?(_ text: some StringProtocol) {
        // A colon needs no escape in a query, and often gets one.
        let bytes = [UInt8](text.utf8)
            .replacing(Array("%3A".utf8), with: [UInt8(ascii: ":")])
            .replacing(Array("%3a".utf8), with: [UInt8(ascii: ":")])
        if let time = Self.wallTime(bytes) {
            self = .wall(time)
        } else if let offset = Self.seconds(bytes[...]) {
            self = .offset(offset)
        } else {
            return nil
        }
    }

    /// `2026-11-23T20:56:09Z`, with or without decimals. RFC 3339 §5.6
    private static func wallTime(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]),
            let second = seconds(bytes[17..<bytes.count - 1]),
            year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second < 61_000_000
        else {
            return nil
        }
        return UTCText.microseconds(year: Int(year), month: Int(month), day: Int(day))
            + (hour * 60 + minute) * 60_000_000 + second
    }

    private static func seconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let parts = bytes.split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let whole = number(parts[0]) else { return nil }
        guard parts.count == 2 else { return whole * 1_000_000 }
        guard parts[1].count <= mostDecimals, let fraction = number(parts[1]) else { return nil }
        return whole * 1_000_000
            + (parts[1].count..<mostDecimals).reduce(fraction) { value, _ in value * 10 }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...mostDigits).contains(digits.count) else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension [UInt8] {
    /// The same with one text in place of another.
    func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + new.count)
        var position = 0
        while position < count {
            if self[position] == old[0], self[position...].starts(with: old) {
                result += new
                position += old.count
            } else {
                result.append(self[position])
                position += 1
            }
        }
        return result
    }
}
