import Packaging

extension LiveHLS {
    /// A track's media playlist.
    ///
    /// - Parameters:
    ///   - presentation: All tracks: the playlist reports on the others.
    ///   - track: The one to tell of.
    ///   - scope: Where the playlist stands, which decides how addresses are written.
    ///   - delta: What need not be repeated. Where nothing is old enough, or the stream has ended,
    ///     the answer is the whole playlist.
    ///   - offersParts: Without them a playlist has complete segments only.
    /// - Returns: nil for a track that there is not.
    package static func media(
        _ presentation: LivePresentation,
        track: LiveTrackID,
        scope: LiveAddress.Scope,
        delta: LiveHLSDelta? = nil,
        offersParts: Bool = true
    ) -> [UInt8]? {
        presentation.rendition(track).map { rendition in
            LiveMediaPlaylist(
                presentation: presentation,
                rendition: rendition,
                scope: scope,
                delta: presentation.isEnded ? nil : delta,
                partTarget: offersParts ? presentation.lowLatency.partTargetMilliseconds : nil
            ).bytes
        }
    }
}

/// One rendering of a media playlist.
struct LiveMediaPlaylist {
    let presentation: LivePresentation
    let rendition: LiveRendition
    let scope: LiveAddress.Scope
    let delta: LiveHLSDelta?
    /// Milliseconds; nil where no parts are listed.
    let partTarget: Int64?

    /// Version 6 for `EXT-X-MAP`; more only where a delta update asks for it. RFC 8216bis §8
    private static let version = 6

    var bytes: [UInt8] {
        let segments = rendition.segments
        let reach = Reach(presentation, segments)
        let skipped = delta == nil ? 0 : reach.skippedCount
        let listsParts = partTarget != nil
        let listed =
            segments.count - (segments.last?.isListed(withParts: listsParts) ?? true ? 0 : 1)
        var writer = TextWriter(capacity: 1024 + segments.count * 256)
        writeHead(skippedCount: skipped, to: &writer)
        if skipped > 0 { writeSkip(segments[..<skipped], to: &writer) }
        var lines = SegmentLines(scope: scope, track: rendition.track.id)
        for index in skipped..<max(skipped, listed) {
            lines.writeTags(
                segments[index],
                after: index > skipped ? segments[index - 1] : nil,
                isFirst: index == 0,
                into: &writer
            )
            if listsParts, index >= reach.firstWithParts {
                lines.writeParts(segments[index], into: &writer)
            }
            if segments[index].isComplete { lines.writeReference(segments[index], into: &writer) }
        }
        if presentation.isEnded {
            writer.append("#EXT-X-ENDLIST\n")
        } else if listsParts {
            writeHints(&lines, to: &writer)
            writeReports(to: &writer)
        }
        return writer.bytes
    }

    private func writeHead(skippedCount: Int, to writer: inout TextWriter) {
        writer.append("#EXTM3U\n#EXT-X-VERSION:")
        writer.append(skippedCount == 0 ? Self.version : skipsDateRanges(skippedCount) ? 10 : 9)
        writer.append("\n#EXT-X-TARGETDURATION:")
        writer.append(presentation.targetDurationSeconds)
        writer.append("\n" as Unicode.Scalar)
        if presentation.hasIndependentSegments {
            writer.append("#EXT-X-INDEPENDENT-SEGMENTS\n")
        }
        writeServerControl(to: &writer)
        if let partTarget {
            writer.append("#EXT-X-PART-INF:")
            writer.attribute("PART-TARGET", thousandths: partTarget)
            writer.append("\n" as Unicode.Scalar)
        }
        guard let first = rendition.segments.first else { return }
        writer.append("#EXT-X-MEDIA-SEQUENCE:")
        writer.append(UInt(first.number), digits: 1)
        writer.append("\n#EXT-X-DISCONTINUITY-SEQUENCE:")
        writer.append(UInt(first.start.discontinuitySequence), digits: 1)
        writer.append("\n" as Unicode.Scalar)
    }

    /// The same for all tracks. RFC 8216bis §6.2.4
    ///
    /// Without parts blocking is not offered: it promises that updates come on time, and what
    /// stands against parts (a frame a second, key frames far apart) stands against that.
    private func writeServerControl(to writer: inout TextWriter) {
        let target = presentation.targetDurationSeconds * 1000
        writer.append("#EXT-X-SERVER-CONTROL:")
        if let partTarget {
            writer.attribute("CAN-BLOCK-RELOAD", "YES")
            let holdBack = partTarget * LiveHLSDistance.partHoldBack
            writer.attribute("PART-HOLD-BACK", thousandths: holdBack)
        }
        writer.attribute("HOLD-BACK", thousandths: Int64(target * LiveHLSDistance.holdBack))
        writer.attribute(
            "CAN-SKIP-UNTIL",
            thousandths: Int64(target * LiveHLSDistance.skipBoundary)
        )
        writer.attribute("CAN-SKIP-DATERANGES", "YES")
        writer.append("\n" as Unicode.Scalar)
    }
}

// What ends a playlist that goes on.
extension LiveMediaPlaylist {
    private func writeHints(_ lines: inout SegmentLines, to writer: inout TextWriter) {
        if let header = rendition.awaitedInitialization {
            lines.writeMap(
                "#EXT-X-PRELOAD-HINT:TYPE=MAP,",
                token: header.token,
                number: header.number,
                into: &writer
            )
        }
        if let hint = LiveHLS.hintedPart(of: rendition, in: presentation) {
            lines.writeHint(hint, into: &writer)
        }
    }

    /// How far the other tracks' playlists are. RFC 8216bis §4.4.5.4
    private func writeReports(to writer: inout TextWriter) {
        for other in presentation.renditions where other.track.id != rendition.track.id {
            guard let newest = other.newest(withParts: true) else { continue }
            writer.append("#EXT-X-RENDITION-REPORT:URI=\"")
            writer.append(other.track.id.name)
            writer.append(".m3u8\",LAST-MSN=")
            writer.append(UInt(newest.segment), digits: 1)
            if let part = newest.part {
                writer.append(",LAST-PART=")
                writer.append(part)
            }
            writer.append("\n" as Unicode.Scalar)
        }
    }
}

// Delta updates. RFC 8216bis §4.4.5.2, §6.2.5.1
extension LiveMediaPlaylist {
    private func skipsDateRanges(_ count: Int) -> Bool {
        delta == .segmentsAndDateRanges
            && (!presentation.recentlyRemovedDateRanges.isEmpty
                || rendition.segments[..<count].contains { !$0.dateRanges.isEmpty })
    }

    private func writeSkip(_ skipped: ArraySlice<LiveSegment>, to writer: inout TextWriter) {
        writer.append("#EXT-X-SKIP:")
        writer.attribute("SKIPPED-SEGMENTS", skipped.count)
        if delta == .segmentsAndDateRanges {
            writer.append(",RECENTLY-REMOVED-DATERANGES=\"")
            var isFirst = true
            for id in presentation.recentlyRemovedDateRanges {
                if !isFirst { writer.append("\t" as Unicode.Scalar) }
                writer.append(id)
                isFirst = false
            }
            writer.append("\"\n")
            return
        }
        writer.append("\n" as Unicode.Scalar)
        for line in skipped.lazy.flatMap(\.dateRanges) {
            writer.append(line)
            writer.append("\n" as Unicode.Scalar)
        }
    }
}

/// What of a playlist is near its end.
private struct Reach {
    /// Parts are listed from this segment on.
    var firstWithParts = 0
    /// So many segments lie wholly beyond the skip boundary, which counts from the end of the last
    /// complete segment.
    var skippedCount = 0

    init(_ presentation: LivePresentation, _ segments: [LiveSegment]) {
        let target = presentation.targetDurationMicroseconds
        let listed = target * Int64(LiveHLSDistance.listedParts)
        let boundary = target * Int64(LiveHLSDistance.skipBoundary)
        var (distance, distanceOfComplete) = (Int64(0), Int64(0))
        firstWithParts = segments.count
        for index in segments.indices.reversed() {
            let duration = segments[index].durationMicroseconds
            distance += duration
            if distance <= listed { firstWithParts = index }
            guard segments[index].isComplete else { continue }
            if distanceOfComplete >= boundary {
                skippedCount = index + 1
                break
            }
            distanceOfComplete += duration
        }
    }
}
