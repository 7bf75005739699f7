import Packaging

/// The dynamic media presentation description of a live stream.
///
/// Addresses are relative to `/live/{id}/manifest.mpd`: `{token}/{track}/…`, as `LiveAddress` has
/// them. `docs/decisions/0013-live-dash.md` says what was chosen and why.
///
/// ISO/IEC 23009-1 §5.3.1, DASH-IF "Low-latency Modes for DASH"
package enum LiveDASH {
    /// The manifest's text.
    ///
    /// - Parameters:
    ///   - presentation: the stream's newest segments.
    ///   - timeline: the stream's periods, which `follow`ed this presentation.
    ///   - facts: what the manifest is to be like.
    /// - Returns: nil while there is nothing to tell: before the first segment is whole.
    package static func manifest(
        _ presentation: LivePresentation,
        timeline: LiveDASHTimeline,
        facts: LiveDASHFacts = LiveDASHFacts()
    ) -> [UInt8]? {
        guard let zero = timeline.availabilityStartMicroseconds else { return nil }
        let periods = timeline.periods.compactMap { period in
            LiveDASHPeriodText(period, presentation, facts: facts, zero: zero)
        }
        guard let last = periods.last else { return nil }
        let lengths = LiveDASHLengths(last, presentation, facts: facts)
        var writer = TextWriter(capacity: 4096 + periods.count * 2048)
        writer.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD")
        writer.xml("xmlns", "urn:mpeg:dash:schema:mpd:2011")
        if periods.contains(where: \.hasSupplementalCodecs) {
            writer.xml("xmlns:scte214", "urn:scte:dash:scte214-extensions")
        }
        writer.xml("profiles", profiles(isLowLatency: lengths.isLowLatency))
        writer.xml("type", "dynamic")
        writer.xml("availabilityStartTime", date: zero)
        writer.xml("publishTime", date: presentation.newestMicroseconds)
        if presentation.isEnded {
            writer.xml("mediaPresentationDuration", microseconds: last.endMicroseconds ?? 0)
        } else {
            writer.xml("minimumUpdatePeriod", microseconds: lengths.updateMicroseconds)
        }
        writer.xml("timeShiftBufferDepth", microseconds: facts.windowMicroseconds)
        writer.xml("suggestedPresentationDelay", microseconds: lengths.latencyMicroseconds)
        writer.xml("minBufferTime", microseconds: lengths.bufferMicroseconds)
        writer.xml("maxSegmentDuration", microseconds: lengths.longestMicroseconds)
        writer.append(">\n")
        writeService(lengths, to: &writer)
        for (index, period) in periods.enumerated() {
            let next = index + 1 < periods.count ? periods[index + 1] : nil
            period.write(until: next?.period.startMicroseconds, facts: facts, to: &writer)
        }
        // Behind the periods, as the schema has it.
        writeTiming(facts, to: &writer)
        writer.append("</MPD>\n")
        return writer.bytes
    }

    /// The manifest of a stream that nobody followed: right by itself, but periods that have lost
    /// their first segments are told otherwise than before.
    package static func manifest(
        _ presentation: LivePresentation,
        facts: LiveDASHFacts = LiveDASHFacts()
    ) -> [UInt8]? {
        var timeline = LiveDASHTimeline()
        timeline.follow(presentation)
        return manifest(presentation, timeline: timeline, facts: facts)
    }

    /// What `/live/{id}/time` answers: the wall clock as text.
    package static func timeText(microseconds: Int64) -> [UInt8] {
        var writer = TextWriter(capacity: 24)
        writer.append(dateTime: microseconds)
        return writer.bytes
    }

    static let producerTimeID = 0

    static func writeTiming(_ facts: LiveDASHFacts, to writer: inout TextWriter) {
        let scheme = "urn:mpeg:dash:utc:http-iso:2014"
        DASHDescriptor.write("UTCTiming", scheme, facts.timeAddress, to: &writer)
    }

    private static func profiles(isLowLatency: Bool) -> String {
        "urn:mpeg:dash:profile:isoff-live:2011"
            + (isLowLatency ? ",http://www.dashif.org/guidelines/low-latency-live-v5" : "")
    }

    /// Writes how far behind live players should be, and how they may catch up. §K
    private static func writeService(_ lengths: LiveDASHLengths, to writer: inout TextWriter) {
        let target = lengths.latencyMicroseconds / 1000
        writer.append("<ServiceDescription id=\"0\">\n<Latency")
        writer.xml("referenceId", producerTimeID)
        writer.xml("target", target)
        writer.xml("min", target / 2)
        writer.xml("max", target * 2)
        writer.append("/>\n<PlaybackRate min=\"0.96\" max=\"1.04\"/>\n</ServiceDescription>\n")
    }
}

extension LivePresentation {
    /// When the newest media of the first track was presented, microseconds since 1970.
    fileprivate var newestMicroseconds: Int64 {
        guard let newest = renditions.first?.segments.last else { return 0 }
        let length = MediaTime(newest.duration, timescale: newest.timescale)
        return newest.start.programDateTime + length.microseconds
    }
}
