package import Packaging

/// Points in time as XML Schema and ISO 8601 write them.
extension TextWriter {
    /// Writes ` name="2026-01-31T12:00:00.000Z"`, from microseconds since 1970, cut to
    /// milliseconds as browsers read no more.
    mutating func xml(_ name: String, date microseconds: Int64) {
        append(" ")
        append(name)
        append("=\"")
        append(date: microseconds)
        append("\"")
    }

    /// Writes `2026-01-31T12:00:00.000Z`; times before 1970 are 1970.
    package mutating func append(date microseconds: Int64) {
        let milliseconds = max(0, microseconds) / 1000
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        // Years that begin in March have the leap day at their end.
        let (era, day) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        append(UInt(year + era * 400 + (month <= 2 ? 1 : 0)), digits: 4)
        append("-")
        append(UInt(month), digits: 2)
        append("-")
        append(UInt(dayOfYear - (153 * march + 2) / 5 + 1), digits: 2)
        append("T")
        append(UInt(rest / 3_600_000), digits: 2)
        append(":")
        append(UInt(rest / 60_000 % 60), digits: 2)
        append(":")
        append(UInt(rest / 1000 % 60), digits: 2)
        append(".")
        append(UInt(rest % 1000), digits: 3)
        append("Z")
    }
}
