extension WebVTTDocument {
    /// The whole document as a file.
    package var bytes: [UInt8] {
        var writer = TextWriter(capacity: 1024 + cues.count * 96)
        writeHead(format: .cmaf, to: &writer)
        for cue in cues { cue.write(to: &writer) }
        return writer.bytes
    }

    /// One segment as a file: the preamble and every cue that is shown within it.
    ///
    /// Cues keep their full times, so one that spans a boundary is in both segments and players
    /// see that it is the same. A segment in which nothing is shown has no cues.
    ///
    /// - Parameters:
    ///   - segment: Its start and end on the asset's timeline.
    ///   - timescale: Ticks a second of these.
    ///   - format: With MPEG-TS the file says which clock its times are on.
    /// - Returns: The file's bytes.
    ///
    /// RFC 8216bis §3.1.4
    package func segment(
        _ segment: SegmentEntry,
        timescale: UInt32,
        format: MediaAddress.HLSFormat
    ) -> [UInt8] {
        var writer = TextWriter(capacity: 4096)
        writeHead(format: format, to: &writer)
        let timescale = Int64(timescale)
        let start = Self.milliseconds(segment.start, timescale, roundedUp: false)
        let end = Self.milliseconds(segment.start + segment.duration, timescale, roundedUp: true)
        for cue in cues {
            if cue.startMilliseconds >= end { break }
            if cue.endMilliseconds > start { cue.write(to: &writer) }
        }
        return writer.bytes
    }

    private func writeHead(format: MediaAddress.HLSFormat, to writer: inout TextWriter) {
        writer.append("WEBVTT\n")
        if format == .transportStream {
            writer.append("X-TIMESTAMP-MAP=MPEGTS:")
            writer.append(TransportStream.presentationBase)
            writer.append(",LOCAL:00:00:00.000\n")
        }
        for block in preamble {
            writer.append("\n")
            writer.append(block)
            writer.append("\n")
        }
    }

    private static func milliseconds(_ ticks: Int64, _ timescale: Int64, roundedUp: Bool) -> Int64 {
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return whole * 1000 + (rest * 1000 + (roundedUp ? timescale - 1 : 0)) / timescale
    }
}

extension WebVTTDocument.Cue {
    fileprivate func write(to writer: inout TextWriter) {
        writer.append("\n")
        if !identifier.isEmpty {
            writer.append(identifier)
            writer.append("\n")
        }
        writer.append(timestamp: startMilliseconds)
        writer.append(" --> ")
        writer.append(timestamp: endMilliseconds)
        if !settings.isEmpty {
            writer.append(" " as Unicode.Scalar)
            writer.append(settings)
        }
        writer.append("\n")
        if !payload.isEmpty {
            writer.append(payload)
            writer.append("\n")
        }
    }
}

extension TextWriter {
    /// Writes `hh:mm:ss.ttt`.
    fileprivate mutating func append(timestamp milliseconds: Int64) {
        let (seconds, fraction) = UInt(milliseconds).quotientAndRemainder(dividingBy: 1000)
        append(seconds / 3600, digits: 2)
        append(":" as Unicode.Scalar)
        append(seconds / 60 % 60, digits: 2)
        append(":" as Unicode.Scalar)
        append(seconds % 60, digits: 2)
        append("." as Unicode.Scalar)
        append(fraction, digits: 3)
    }
}
