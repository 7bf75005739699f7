package import Packaging

extension TextWriter {
    /// Writes `2026-11-23T20:57:02.123Z`.
    ///
    /// - Parameter microseconds: since 1970, UTC; what lies before counts as 1970.
    package mutating func append(dateTime microseconds: Int64) {
        let milliseconds = max(0, microseconds) / 1000
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        append(UInt(date.year), digits: 4)
        append("-" as Unicode.Scalar)
        append(UInt(date.month), digits: 2)
        append("-" as Unicode.Scalar)
        append(UInt(date.day), digits: 2)
        append("T" as Unicode.Scalar)
        append(UInt(second / 3600), digits: 2)
        append(":" as Unicode.Scalar)
        append(UInt(second / 60 % 60), digits: 2)
        append(":" as Unicode.Scalar)
        append(UInt(second % 60), digits: 2)
        append("." as Unicode.Scalar)
        append(UInt(fraction), digits: 3)
        append("Z" as Unicode.Scalar)
    }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    /// Counts years from March, so that the leap day is a year's last and months have a formula.
    init(daysSince1970 days: Int64) {
        // 0000-03-01 is 719,468 days before 1970-01-01; an era is 400 years.
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }
}
