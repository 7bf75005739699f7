// How far a playlist has come: what blocking requests wait for and reports say.

extension LiveRendition {
    /// The newest segment that a playlist names, and its newest part; nil while it names none.
    ///
    /// Without parts only complete segments count, and `part` is nil.
    package func newest(withParts: Bool) -> (segment: UInt64, part: Int?)? {
        guard let last = segments.last else { return nil }
        if last.isListed(withParts: withParts) {
            let part = withParts && !last.parts.isEmpty ? last.parts.count - 1 : nil
            return (last.number, part)
        }
        guard segments.count >= 2 else { return nil }
        let before = segments[segments.count - 2]
        return (before.number, withParts && !before.parts.isEmpty ? before.parts.count - 1 : nil)
    }

    /// Whether a playlist has come as far as a blocking request asks.
    ///
    /// - Parameters:
    ///   - segment: Media sequence number.
    ///   - part: 0-based; nil: the whole segment.
    /// - Returns: true for all that is older as well, be it listed or not. A part behind the last
    ///   of its segment counts as the first of the next segment.
    ///
    /// RFC 8216bis §6.2.5.2
    package func hasReached(segment: UInt64, part: Int?) -> Bool {
        guard let last = segments.last else { return false }
        if last.number > segment {
            return part == nil || last.number > segment + 1 || last.isListed(withParts: true)
                || hasPart(segment, part ?? 0)
        }
        guard last.number == segment else { return false }
        guard let part else { return last.isComplete }
        return part < last.parts.count
    }

    /// Of the segment before the last one.
    private func hasPart(_ segment: UInt64, _ part: Int) -> Bool {
        guard segments.count >= 2, segments[segments.count - 2].number == segment else {
            return true
        }
        return part < segments[segments.count - 2].parts.count
    }
}

extension LiveSegment {
    /// An open segment is there for a playlist once it has a part.
    func isListed(withParts: Bool) -> Bool {
        isComplete || (withParts && !parts.isEmpty)
    }
}
