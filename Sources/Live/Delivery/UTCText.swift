import Packaging
import Segmenting

/// Times of day as ISO 8601 has them.
enum UTCText {
    /// Such as `2026-11-23T21:00:00.123Z`.
    ///
    /// - Parameter microseconds: since 1970; what lies before counts as 1970.
    /// - Returns: in milliseconds, UTC.
    static func iso(microseconds: Int64) -> String {
        var writer = TextWriter(capacity: 24)
        writer.append(dateTime: microseconds)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Microseconds since 1970 of a day of the Gregorian calendar; the parts must be in range.
    ///
    /// After H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    static func microseconds(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(year - (month <= 2 ? 1 : 0))
        let (era, yearOfEra) = shifted.quotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * (Int64(month) + (month > 2 ? -3 : 9)) + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 * 1_000_000
    }
}
