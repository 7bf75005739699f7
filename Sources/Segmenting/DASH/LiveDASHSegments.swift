import Packaging

/// Where a track's segments of a period are, and when they can be had.
///
/// ISO/IEC 23009-1 §5.3.9
struct LiveDASHSegments {
    var period: LiveDASHPeriod
    /// Microseconds; nil where nothing is offered before a segment is whole.
    var partTargetMicroseconds: Int64?
    /// Microseconds by which segments come later than their numbers say.
    var latenessMicroseconds: Int64
    var isListed: Bool

    /// Writes `SegmentTemplate` for a track.
    func write(_ representation: LiveDASHRepresentation, to writer: inout TextWriter) {
        writer.append("<SegmentTemplate")
        let folder = period.token + "/$RepresentationID$/"
        let initialization = "init-\(representation.initializationNumber).mp4"
        if let duration = period.segmentDuration, !isListed {
            // The reference track's ticks for all tracks: cut in step, they share its numbers,
            // and a duration that is whole in them need not be in an audio's.
            writeClock(period.mediaStart.timescale, to: &writer)
            writer.xml("duration", duration)
            writer.xml("startNumber", Int(clamping: period.firstNumber))
            writeAvailability(duration, to: &writer)
            writeAddresses(folder, initialization, to: &writer)
            writer.append("/>\n")
        } else {
            writeClock(representation.liveTrack.timescale, to: &writer)
            let first = representation.segments.first?.number ?? period.firstNumber
            writer.xml("startNumber", Int(clamping: first))
            writeAddresses(folder, initialization, to: &writer)
            writer.append(">\n")
            writeTimeline(representation.segments, to: &writer)
            writer.append("</SegmentTemplate>\n")
        }
    }

    private func writeClock(_ timescale: UInt32, to writer: inout TextWriter) {
        writer.xml("timescale", Int64(timescale))
        let offset = period.mediaStart.rounded(toTimescale: timescale)
        if offset != 0 { writer.xml("presentationTimeOffset", offset) }
    }

    /// A segment can be asked for once its first part is there; its rest comes as it is made.
    private func writeAvailability(_ duration: Int64, to writer: inout TextWriter) {
        guard let partTargetMicroseconds else { return }
        let length = MediaTime(duration, timescale: period.mediaStart.timescale).microseconds
        let offset = length - partTargetMicroseconds - latenessMicroseconds
        guard offset > 0 else { return }
        writer.append(" availabilityTimeOffset=\"")
        writer.append(thousandths: offset / 1000)
        writer.append("\" availabilityTimeComplete=\"false\"")
    }

    private func writeAddresses(
        _ folder: String,
        _ initialization: String,
        to writer: inout TextWriter
    ) {
        writer.xml("initialization", folder + initialization)
        writer.xml("media", folder + "$Number$.m4s")
    }

    private func writeTimeline(_ segments: [LiveSegment], to writer: inout TextWriter) {
        let entries = segments.map { segment in
            SegmentEntry(
                groups: 0..<1,
                number: nil,
                start: segment.start.decodeTime,
                duration: segment.duration,
                sizeBytes: 0
            )
        }
        DASHTimeline.write(entries[...], to: &writer)
    }
}
