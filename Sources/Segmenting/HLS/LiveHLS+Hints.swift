// Which part comes next. RFC 8216bis §4.4.5.3, §6.2.6

extension LiveHLS {
    /// Names a part, come or to come.
    package struct PartReference: Hashable, Sendable {
        package var token: String
        package var segment: UInt64
        /// 0-based.
        package var index: Int

        package init(token: String, segment: UInt64, index: Int) {
            self.token = token
            self.segment = segment
            self.index = index
        }
    }

    /// The part that a playlist announces; nil where none will come or nothing came yet.
    ///
    /// While a segment is shorter than the one before it, that is its next part, from then on the
    /// first of the next segment: with a steady distance of key frames no hint is ever dropped. A
    /// segment that turns out to be longer brings a part that was not announced, which costs that
    /// part the hint and breaks nothing, as the announced one still comes.
    package static func hintedPart(
        of rendition: LiveRendition,
        in presentation: LivePresentation
    ) -> PartReference? {
        guard !presentation.isEnded, case .parts = presentation.lowLatency,
            let last = rendition.segments.last
        else {
            return nil
        }
        if let token = rendition.awaitedInitialization?.token {
            return PartReference(token: token, segment: last.number + 1, index: 0)
        }
        if last.isComplete || rendition.seemsToEnd(last) {
            return PartReference(token: last.token, segment: last.number + 1, index: 0)
        }
        return PartReference(token: last.token, segment: last.number, index: last.parts.count)
    }

    /// Whether a part that is not there yet may be waited for; others that are not there are
    /// unknown: 404.
    ///
    /// Those are the next of the open segment, and the first of the segment behind it: the two
    /// that playlists announce. A request that is held for the first of them gets 404 when its
    /// segment ends without it.
    package static func isHinted(
        part: PartReference,
        of rendition: LiveRendition,
        in presentation: LivePresentation
    ) -> Bool {
        guard !presentation.isEnded, case .parts = presentation.lowLatency,
            let last = rendition.segments.last
        else {
            return false
        }
        let nextToken = rendition.awaitedInitialization?.token ?? last.token
        if part.segment == last.number + 1 { return part.index == 0 && part.token == nextToken }
        return part.segment == last.number && !last.isComplete && part.token == last.token
            && part.index == last.parts.count
    }
}

extension LiveRendition {
    /// The init segment that the next segment needs, where it came before that segment.
    var awaitedInitialization: InitializationReference? {
        guard let last = segments.last, let newest = initializations.last,
            newest.token != last.token || newest.number != last.start.initializationNumber
        else {
            return nil
        }
        // An older one that is listed last is no news.
        let isUsed = segments.contains {
            $0.token == newest.token && $0.start.initializationNumber == newest.number
        }
        return isUsed ? nil : newest
    }

    /// Whether an open segment is as long as the one before it, half of that one's last part more
    /// or less: where parts do not divide a segment its last one is short, and still to come.
    fileprivate func seemsToEnd(_ open: LiveSegment) -> Bool {
        guard segments.count >= 2, !open.parts.isEmpty else { return false }
        let previous = segments[segments.count - 2]
        // What a discontinuity cut off says nothing of the next.
        guard previous.timescale == open.timescale, !open.start.isDiscontinuity else {
            return false
        }
        let slack = (previous.parts.last?.duration ?? 0) / 2
        return open.duration + slack >= previous.duration
    }
}
