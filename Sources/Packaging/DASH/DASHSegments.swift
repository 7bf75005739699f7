/// Where a track's segments of one period are, and when.
///
/// A template where segments have consecutive numbers, as in whole assets; a list where they do
/// not, as with the cut segments of a clip. Equal ones of an adaptation set are written once.
///
/// ISO/IEC 23009-1 §5.3.9
struct DASHSegments {
    private var version: AssetVersion
    private var timescale: UInt32
    private var presentationTimeOffset: Int64
    private var descriptionIndex: Int
    private var segments: ArraySlice<SegmentEntry>
    /// Whether a template can name the segments.
    let areNumbered: Bool

    init(_ part: DASHPeriod.Part, in period: DASHPeriod, version: AssetVersion) {
        self.version = version
        timescale = part.track.timescale
        presentationTimeOffset = period.start.rounded(toTimescale: timescale)
        descriptionIndex = part.segments.first?.descriptionIndex ?? 0
        segments = part.segments
        var next = part.segments.first?.number
        areNumbered = part.segments.allSatisfy { segment in
            guard let number = segment.number, number == next else { return false }
            next = number + 1
            return true
        }
    }

    /// Whether one template can stand for both, with `$RepresentationID$` in its addresses.
    func isSameTemplate(as other: DASHSegments) -> Bool {
        areNumbered && other.areNumbered && timescale == other.timescale
            && presentationTimeOffset == other.presentationTimeOffset
            && descriptionIndex == other.descriptionIndex && segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { one, two in
                one.start == two.start && one.duration == two.duration && one.number == two.number
            }
    }

    /// Writes `SegmentTemplate` with numbers.
    func writeTemplate(to writer: inout TextWriter) {
        let folder = "../\(version.text)/$RepresentationID$/"
        let initSegment = MediaAddress.Item.initSegment(descriptionIndex: descriptionIndex)
        writer.append("<SegmentTemplate")
        writeCommon(to: &writer)
        writer.xml("startNumber", segments.first?.number ?? 1)
        writer.xml("initialization", folder + initSegment.fileName)
        writer.xml("media", folder + "$Number$.m4s")
        writer.append(">\n")
        writeTimeline(to: &writer)
        writer.append("</SegmentTemplate>\n")
    }

    /// Writes `SegmentList` with an address for each segment.
    func writeList(track: String, to writer: inout TextWriter) {
        writer.append("<SegmentList")
        writeCommon(to: &writer)
        writer.append(">\n<Initialization")
        writer.xml(
            "sourceURL",
            MediaAddress.relative(
                version: version,
                track: track,
                .initSegment(descriptionIndex: descriptionIndex)
            )
        )
        writer.append("/>\n")
        writeTimeline(to: &writer)
        let start = Array("<SegmentURL media=\"../\(version.text)/\(track)/".utf8)
        for segment in segments {
            writer.append(start)
            segment.writeReference(to: &writer)
            writer.append(".m4s\"/>\n")
        }
        writer.append("</SegmentList>\n")
    }

    private func writeCommon(to writer: inout TextWriter) {
        writer.xml("timescale", Int64(timescale))
        if presentationTimeOffset != 0 {
            writer.xml("presentationTimeOffset", presentationTimeOffset)
        }
    }

    private func writeTimeline(to writer: inout TextWriter) {
        DASHTimeline.write(segments, to: &writer)
    }
}

/// `SegmentTimeline`: exact times, runs of equal durations as one element.
///
/// ISO/IEC 23009-1 §5.3.9.6
package enum DASHTimeline {
    package static func write(_ segments: ArraySlice<SegmentEntry>, to writer: inout TextWriter) {
        writer.append("<SegmentTimeline>\n")
        let (element, end) = (Array("<S d=\"".utf8), Array("\"/>\n".utf8))
        var index = segments.startIndex
        var time: Int64?
        while index < segments.endIndex {
            let (start, duration) = (segments[index].start, segments[index].duration)
            var runEnd = start + duration
            var next = index + 1
            while next < segments.endIndex, segments[next].start == runEnd,
                segments[next].duration == duration
            {
                runEnd += duration
                next += 1
            }
            if start == time {
                writer.append(element)
            } else {
                writer.append("<S")
                writer.xml("t", start)
                writer.append(" d=\"")
            }
            writer.append(duration)
            if next - index > 1 {
                writer.append("\"")
                writer.xml("r", next - index - 1)
                writer.append("/>\n")
            } else {
                writer.append(end)
            }
            (index, time) = (next, runEnd)
        }
        writer.append("</SegmentTimeline>\n")
    }
}
