import NIOCore

/// Dates of HTTP, by integers only: no Foundation, no locale, no time zone.
///
/// RFC 9110 §5.6.7; days from civil dates after H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
package enum HTTPDate {
    /// Bytes of `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static let sizeBytes = 29

    private static let days = ["Sun,", "Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,"].map(word)
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let monthWords = months.map { word($0 + " ") }
    private static let gmt = word(" GMT")

    /// Four ASCII bytes as the integer that is written for them.
    private static func word(_ text: String) -> UInt32 {
        text.utf8.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Two decimal digits in the lower two bytes.
    private static func digits(_ value: Int) -> UInt32 {
        0x3030 + UInt32(truncatingIfNeeded: value / 10 % 10) << 8
            + UInt32(truncatingIfNeeded: value % 10)
    }

    /// Appends the IMF-fixdate of a Unix time in seconds.
    static func write(_ unixSeconds: Int64, to buffer: inout ByteBuffer) {
        let day = floorDivide(unixSeconds, 86_400)
        let second = Int(unixSeconds - day * 86_400)
        let (year, month, dayOfMonth) = civil(day)
        let space = UInt32(ASCII.space)
        let colon = UInt32(ASCII.colon)
        let minutes = digits(second / 60 % 60)
        let seconds = digits(second % 60)
        buffer.writeInteger(days[Int(floorModulo(day + 4, 7))])
        buffer.writeInteger(space << 24 | digits(dayOfMonth) << 8 | space)
        buffer.writeInteger(monthWords[month - 1])
        buffer.writeInteger(digits(year / 100) << 16 | digits(year % 100))
        buffer.writeInteger(space << 24 | digits(second / 3600) << 8 | colon)
        buffer.writeInteger(minutes << 16 | colon << 8 | seconds >> 8)
        buffer.writeInteger(UInt8(truncatingIfNeeded: seconds))
        buffer.writeInteger(gmt)
    }

    /// The IMF-fixdate of a Unix time in seconds.
    package static func format(_ unixSeconds: Int64) -> String {
        var buffer = ByteBuffer()
        write(unixSeconds, to: &buffer)
        return String(buffer: buffer)
    }

    /// Unix seconds of an IMF-fixdate; the two obsolete forms are not read, so such a condition
    /// counts as absent.
    package static func parse(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == sizeBytes, bytes[3] == ASCII.comma, text.hasSuffix(" GMT"),
            let dayOfMonth = number(bytes, 5, 2), let year = number(bytes, 12, 4),
            let hour = number(bytes, 17, 2), let minute = number(bytes, 20, 2),
            let second = number(bytes, 23, 2),
            let month = months.firstIndex(where: { Array($0.utf8) == Array(bytes[8..<11]) }),
            [4, 7, 11, 16].allSatisfy({ bytes[$0] == ASCII.space }),
            bytes[19] == ASCII.colon, bytes[22] == ASCII.colon,
            (1...31).contains(dayOfMonth), hour < 24, minute < 60, second <= 60
        else { return nil }
        let day = days(year: year, month: month + 1, day: dayOfMonth)
        return day * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    // MARK: - Calendar

    private static func civil(_ day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(Int64(marchYear), 400)
        let yearOfEra = Int64(marchYear) - era * 400
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = Int64((153 * marchMonth + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }

    private static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value - floorDivide(value, divisor) * divisor
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int? {
        var value = 0
        for byte in bytes[offset..<offset + count] {
            guard ASCII.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
