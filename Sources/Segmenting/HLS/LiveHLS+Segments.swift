package import Packaging

// How one segment and its parts stand in playlists. RFC 8216bis §4.4.4

extension LiveHLS {
    /// Writes the lines of one complete segment without its parts.
    ///
    /// - Parameters:
    ///   - segment: It is complete.
    ///   - previous: What stands before it in the playlist; nil where it is the first or follows
    ///     `EXT-X-SKIP`: it then says its init segment, and no discontinuity, as
    ///     `EXT-X-DISCONTINUITY-SEQUENCE` counts that of a playlist's first segment.
    ///   - scope: Of the playlist.
    ///   - writer: Gets the lines, each with its end.
    package static func segmentLines(
        _ segment: LiveSegment,
        after previous: LiveSegment?,
        scope: LiveAddress.Scope,
        into writer: inout TextWriter
    ) {
        var lines = SegmentLines(scope: scope, track: segment.start.track)
        lines.writeTags(segment, after: previous, isFirst: previous == nil, into: &writer)
        lines.writeReference(segment, into: &writer)
    }
}

/// Writes lines of one track's segments; remembers the folder, which changes with the publish.
struct SegmentLines {
    private let scope: LiveAddress.Scope
    private let track: String
    private var token = ""
    /// Such as `../{token}/{track}/`.
    private var folder: [UInt8] = []

    init(scope: LiveAddress.Scope, track: LiveTrackID) {
        self.scope = scope
        self.track = track.name
    }

    private mutating func use(_ token: String) {
        if token == self.token { return }
        self.token = token
        folder = Array("\(scope.pathToStream)\(token)/\(track)/".utf8)
    }

    /// What applies to a segment, and so stands before its first part.
    mutating func writeTags(
        _ segment: LiveSegment,
        after previous: LiveSegment?,
        isFirst: Bool,
        into writer: inout TextWriter
    ) {
        for line in segment.dateRanges {
            writer.append(line)
            writer.append("\n" as Unicode.Scalar)
        }
        if !isFirst, segment.start.isDiscontinuity { writer.append("#EXT-X-DISCONTINUITY\n") }
        let isMapped =
            previous?.start.initializationNumber == segment.start.initializationNumber
            && previous?.token == segment.token
        if !isMapped {
            writeMap(
                "#EXT-X-MAP:",
                token: segment.token,
                number: segment.start.initializationNumber,
                into: &writer
            )
        }
        writer.append("#EXT-X-PROGRAM-DATE-TIME:")
        writer.append(dateTime: segment.start.programDateTime)
        writer.append("\n" as Unicode.Scalar)
    }

    /// Writes a tag whose URI is an init segment.
    mutating func writeMap(
        _ tag: String,
        token: String,
        number: Int,
        into writer: inout TextWriter
    ) {
        use(token)
        writer.append(tag)
        writer.append("URI=\"")
        writer.append(folder)
        writer.append("init-")
        writer.append(number)
        writer.append(".mp4\"\n")
    }

    mutating func writeParts(_ segment: LiveSegment, into writer: inout TextWriter) {
        use(segment.token)
        var index = 0
        for part in segment.parts {
            writer.append("#EXT-X-PART:DURATION=")
            let duration = LiveTime.microsecondsRoundedDown(
                part.duration,
                timescale: segment.timescale
            )
            writer.append(millionths: duration)
            writer.append(",URI=\"")
            writePart(segment.number, index, into: &writer)
            writer.append(part.isIndependent ? "\",INDEPENDENT=YES" : "\"")
            writer.append(part.isGap || segment.isGap ? ",GAP=YES\n" : "\n")
            index += 1
        }
    }

    /// Writes the line by which a part is announced.
    mutating func writeHint(
        _ hint: LiveHLS.PartReference,
        into writer: inout TextWriter
    ) {
        use(hint.token)
        writer.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"")
        writePart(hint.segment, hint.index, into: &writer)
        writer.append("\"\n")
    }

    private func writePart(_ segment: UInt64, _ index: Int, into writer: inout TextWriter) {
        writer.append(folder)
        writer.append(UInt(segment), digits: 1)
        writer.append("." as Unicode.Scalar)
        writer.append(index)
        writer.append(".m4s")
    }

    mutating func writeReference(_ segment: LiveSegment, into writer: inout TextWriter) {
        use(segment.token)
        if segment.isGap { writer.append("#EXT-X-GAP\n") }
        writer.append("#EXTINF:")
        writer.append(millionths: segment.durationMicroseconds)
        writer.append(",\n")
        writer.append(folder)
        writer.append(UInt(segment.number), digits: 1)
        writer.append(".m4s\n")
    }
}
