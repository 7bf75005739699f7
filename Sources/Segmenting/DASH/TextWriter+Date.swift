import Packaging

/// Points in time as XML Schema and ISO 8601 write them.
extension TextWriter {
    /// Writes ` name="2026-01-31T12:00:00.000Z"`, from microseconds since 1970, cut to
    /// milliseconds as browsers read no more.
    mutating func xml(_ name: String, date microseconds: Int64) {
        append(" ")
        append(name)
        append("=\"")
        append(dateTime: microseconds)
        append("\"")
    }
}
