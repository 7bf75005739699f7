/// Makes date ranges of a stream's events, and knows which splices are open.
///
/// Only SCTE 35 becomes a date range. ID3 and text stay in band, as `emsg`: they come many a
/// second, a playlist would repeat each for as long as its segment is listed, and players give
/// applications what is in band at the right time.
///
/// A splice's end adds to the range of its start, with the start date told again, as the first
/// line may have left the playlist by then. An end whose start was not seen has no duration, and
/// so is told as a command.
///
/// RFC 8216bis §4.4.5.1.1
package struct DateRangeStateMachine: Sendable {
    /// Splices that began and did not end; the oldest is forgotten for one more.
    package static let openLimit = 32

    private struct Open: Sendable {
        var eventID: UInt32
        var section: [UInt8]
        var id: String
        var startDate: Int64
    }

    private var open: [Open] = []

    package init() {}

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: As the source tells it.
    ///   - programDateTime: Of the event's own time, microseconds since 1970.
    /// - Returns: none for what is canceled, cannot be read or is no matter of playlists.
    package mutating func ranges(
        for event: LiveEvent,
        programDateTime: Int64
    ) -> [DateRange] {
        guard case .spliceInfo(let bytes) = event.payload,
            let section = try? SpliceInfoSection(bytes)
        else {
            return []
        }
        var ranges: [DateRange] = []
        for signal in section.signals {
            let range = range(for: signal, bytes, programDateTime)
            // Descriptors that differ in what playlists do not say are one range.
            if let range, !ranges.contains(where: { $0.id == range.id }) { ranges.append(range) }
        }
        return ranges
    }

    private mutating func range(
        for signal: SpliceInfoSection.Signal,
        _ bytes: [UInt8],
        _ date: Int64
    ) -> DateRange? {
        switch signal {
        case .out(let eventID, let ticks):
            // Encoders repeat a section until it is time; ids they use again in other ones.
            if open.contains(where: { $0.eventID == eventID && $0.section == bytes }) {
                return nil
            }
            let range = DateRange(
                id: Self.id("splice", eventID, date),
                startDate: date,
                plannedDuration: ticks.map { Int64($0) * 100 / 9 },
                splice: .out(bytes)
            )
            open.removeAll { $0.eventID == eventID }
            if open.count >= Self.openLimit { open.removeFirst() }
            open.append(Open(eventID: eventID, section: bytes, id: range.id, startDate: date))
            return range
        case .in(let eventID):
            guard let index = open.firstIndex(where: { $0.eventID == eventID }),
                date >= open[index].startDate
            else {
                return command(Self.id("command", eventID, date), bytes, date)
            }
            let begun = open.remove(at: index)
            return DateRange(
                id: begun.id,
                startDate: begun.startDate,
                duration: date - begun.startDate,
                splice: .in(bytes)
            )
        case .other:
            // Told apart from others of the same time by their bytes. FNV-1a
            let hash = bytes.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
            return command(Self.id("command", hash, date), bytes, date)
        }
    }

    private func command(_ id: String, _ bytes: [UInt8], _ date: Int64) -> DateRange {
        DateRange(id: id, startDate: date, splice: .command(bytes))
    }

    /// With the date in milliseconds, as SCTE 35's own ids come again.
    private static func id(_ kind: String, _ eventID: UInt32, _ date: Int64) -> String {
        "\(kind)-\(String(eventID, radix: 16))-\(date / 1000)"
    }
}
