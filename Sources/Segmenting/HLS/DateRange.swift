import Packaging

/// `EXT-X-DATERANGE`: something that lasts or happens at a time of the stream.
///
/// RFC 8216bis §4.4.5.1
package struct DateRange: Hashable, Sendable {
    /// A whole splice_info_section and what it does. RFC 8216bis §4.4.5.1.1
    package enum Splice: Hashable, Sendable {
        case out([UInt8])
        case `in`([UInt8])
        case command([UInt8])
    }

    /// Unique in the stream.
    package var id: String
    /// Microseconds since 1970.
    package var startDate: Int64
    /// Microseconds; nil where not known.
    package var duration: Int64?
    package var plannedDuration: Int64?
    package var splice: Splice?

    package init(
        id: String,
        startDate: Int64,
        duration: Int64? = nil,
        plannedDuration: Int64? = nil,
        splice: Splice? = nil
    ) {
        self.id = id
        self.startDate = startDate
        self.duration = duration
        self.plannedDuration = plannedDuration
        self.splice = splice
    }

    /// The tag without the line's end, as `LiveSegment.dateRanges` holds it.
    package var line: String {
        var writer = TextWriter(capacity: 256)
        writer.append("#EXT-X-DATERANGE:")
        writer.attribute("ID", quoted: id)
        writer.append(",START-DATE=\"")
        writer.append(dateTime: startDate)
        writer.append("\"" as Unicode.Scalar)
        if let duration {
            writer.attribute("DURATION", thousandths: max(0, duration) / 1000)
        }
        if let plannedDuration {
            writer.attribute("PLANNED-DURATION", thousandths: max(0, plannedDuration) / 1000)
        }
        switch splice {
        case .out(let section): Self.write("SCTE35-OUT", section, to: &writer)
        case .in(let section): Self.write("SCTE35-IN", section, to: &writer)
        case .command(let section): Self.write("SCTE35-CMD", section, to: &writer)
        case nil: break
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The id of a line that `line` made; what delta updates list of those that went.
    package static func id(ofLine line: String) -> String? {
        let prefix = "#EXT-X-DATERANGE:ID=\""
        guard line.hasPrefix(prefix) else { return nil }
        return line.dropFirst(prefix.count).split(
            separator: "\"",
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).first.map(String.init)
    }

    /// A hexadecimal-sequence. RFC 8216bis §4.2
    private static func write(_ name: String, _ bytes: [UInt8], to writer: inout TextWriter) {
        writer.append("," as Unicode.Scalar)
        writer.append(name)
        writer.append("=0x")
        for byte in bytes {
            writer.append(hexadecimal: UInt64(byte), digits: 2, isUpper: true)
        }
    }
}
