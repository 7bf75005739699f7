/// Rules that one playlist, or one and its successor, keep or break.
package enum PlaylistRules {
    /// Rounding of decimal figures in playlists, seconds.
    static let rounding = 0.002
    /// How far dates may be from the media's lengths, seconds.
    static let dateSlack = 0.1

    /// What one playlist must be by itself; `others` is the number of the stream's further ones.
    package static func check(
        _ playlist: CheckedPlaylist,
        name: String,
        others: Int,
        _ findings: CheckFindings
    ) {
        checkHead(playlist, name, findings)
        checkSegments(playlist, name, findings)
        checkParts(playlist, name, findings)
        guard playlist.partTargetSeconds != nil else { return }
        let hints = playlist.partHints.count
        let isRight =
            playlist.isEnded
            ? hints + playlist.mapHints.count == 0 : hints == 1 && playlist.mapHints.count <= 1
        findings.check(.hintPresent, isRight, "\(name): \(hints) hints")
        if !playlist.isEnded {
            let reports = playlist.reports.filter { $0.position != nil }.count
            findings.check(.reports, reports == others, "\(name): \(reports) of \(others)")
        }
    }

    private static func checkHead(
        _ playlist: CheckedPlaylist,
        _ name: String,
        _ findings: CheckFindings
    ) {
        let target = playlist.targetSeconds
        if let holdBack = playlist.holdBackSeconds {
            findings.check(.holdBack, holdBack >= 3 * target - rounding, "\(name): \(holdBack)")
        }
        if let part = playlist.partTargetSeconds {
            let holdBack = playlist.partHoldBackSeconds ?? 0
            findings.check(.partHoldBack, holdBack >= 3 * part - rounding, "\(name): \(holdBack)")
        }
        if let skip = playlist.skipUntilSeconds {
            findings.check(.skipUntil, skip >= 6 * target - rounding, "\(name): \(skip)")
        }
        let hasMap = playlist.segments.contains { $0.map != nil }
        let least = playlist.skippedSegments != nil ? 9 : hasMap ? 6 : 1
        let most = playlist.skippedSegments != nil ? 10 : 8
        findings.check(
            .version,
            (least...most).contains(playlist.version),
            "\(name): version \(playlist.version)"
        )
        if playlist.firstNumber > 0 {
            let type = playlist.type ?? ""
            findings.check(.noTypeWhenSliding, type.isEmpty, "\(name): \(type)")
            let whole = playlist.segments.compactMap(\.seconds).reduce(0, +)
            if playlist.skippedSegments == nil {
                findings.check(.longEnough, whole >= 3 * target - rounding, "\(name): \(whole) s")
            }
        }
    }

    private static func checkSegments(
        _ playlist: CheckedPlaylist,
        _ name: String,
        _ findings: CheckFindings
    ) {
        var before: CheckedPlaylist.Segment?
        for segment in playlist.segments {
            let text = "\(name): segment \(segment.number)"
            if let seconds = segment.seconds {
                let isWithin = seconds.rounded() <= playlist.targetSeconds
                findings.check(.segmentWithinTarget, isWithin, "\(text) is \(seconds) s")
                if !segment.parts.isEmpty {
                    let sum = segment.parts.map(\.seconds).reduce(0, +)
                    let slack = rounding * Double(segment.parts.count)
                    let isSum = abs(sum - seconds) <= slack
                    findings.check(.segmentIsSumOfParts, isSum, "\(text): \(sum) in \(seconds) s")
                }
            }
            if !segment.parts.isEmpty {
                let isRight = !segment.hasLateTag && segment.map != nil
                findings.check(.tagsBeforeParts, isRight, text)
            }
            if let previous = before?.date, let seconds = before?.seconds,
                let date = segment.date, !segment.isDiscontinuity
            {
                let error = date - previous - seconds
                let isRight = abs(error) <= dateSlack
                findings.check(.programDateTime, isRight, "\(text) is \(error) s off")
            }
            before = segment
        }
        let hasDate = playlist.segments.contains { $0.date != nil }
        findings.check(.programDateTime, hasDate || playlist.segments.isEmpty, "\(name): no date")
    }

    private static func checkParts(
        _ playlist: CheckedPlaylist,
        _ name: String,
        _ findings: CheckFindings
    ) {
        guard let target = playlist.partTargetSeconds else { return }
        var fromEnd = 0.0
        for segment in playlist.segments.reversed() {
            let isKept = fromEnd <= 3 * playlist.targetSeconds + rounding
            if !segment.parts.isEmpty {
                let text = "\(name): parts of segment \(segment.number)"
                findings.check(.partsOnlyAtTheEnd, isKept, "\(text), \(fromEnd) s from the end")
            }
            for (index, part) in segment.parts.enumerated() {
                let text = "\(name): part \(segment.number).\(index) is \(part.seconds) s"
                findings.check(.partWithinTarget, part.seconds <= target + 0.0005, text)
                let next = index + 1 < segment.parts.count ? segment.parts[index + 1] : nil
                let isLast = next == nil
                let isFree = part.isIndependent || part.isGap || isLast || next?.isGap == true
                guard !isFree else { continue }
                findings.check(.partLongEnough, part.seconds >= 0.85 * target - rounding, text)
            }
            fromEnd += segment.seconds ?? segment.parts.map(\.seconds).reduce(0, +)
        }
    }

    /// What must hold between a playlist and a later one of the same address.
    package static func check(
        _ playlist: CheckedPlaylist,
        after old: CheckedPlaylist,
        name: String,
        _ findings: CheckFindings
    ) {
        checkHead(playlist, against: old, name, findings)
        let isForward = playlist.firstNumber >= old.firstNumber && !(playlist.next < old.next)
        findings.check(
            .sequenceNumber,
            isForward,
            "\(name): \(old.firstNumber) to \(playlist.firstNumber), "
                + "next \(old.next) to \(playlist.next)"
        )
        let left = old.segments.filter { $0.number < playlist.firstNumber }
        if old.skippedSegments == nil, isForward,
            left.count == playlist.firstNumber - old.firstNumber
        {
            // A discontinuity counts once its own segment has left. §6.2.2
            let gone = left.filter(\.isDiscontinuity).count
            let sequence = old.discontinuitySequence + gone
            findings.check(
                .discontinuitySequence,
                playlist.discontinuitySequence == sequence,
                "\(name): \(playlist.discontinuitySequence) instead of \(sequence)"
            )
        }
        for segment in playlist.segments {
            guard let known = old.segment(segment.number) else { continue }
            let isSame =
                (known.address == nil || known.address == segment.address)
                && (known.seconds == nil || known.seconds == segment.seconds)
                && (segment.parts.isEmpty || segment.parts.starts(with: known.parts))
            findings.check(.segmentsUnchanged, isSame, "\(name): segment \(segment.number)")
        }
        guard let hint = old.partHints.first, old.next < playlist.next,
            let segment = playlist.segment(old.next.number)
        else { return }
        // The segment may have ended before the part that was hinted; then it is the next one's.
        let part =
            segment.parts.indices.contains(old.next.part)
            ? segment.parts[old.next.part] : playlist.segment(segment.number + 1)?.parts.first
        guard let part else { return }
        findings.check(
            .hintBecomesPart,
            part.address == hint,
            "\(name): \(hint) hinted, \(part.address) came"
        )
    }

    /// Of two playlists of a stream at any times: what is for ever the same in all.
    package static func checkHead(
        _ playlist: CheckedPlaylist,
        against other: CheckedPlaylist,
        _ name: String,
        _ findings: CheckFindings
    ) {
        findings.check(
            .targetDurationFixed,
            playlist.targetSeconds == other.targetSeconds,
            "\(name): \(playlist.targetSeconds), was \(other.targetSeconds)"
        )
        let (part, was) = (playlist.partTargetSeconds, other.partTargetSeconds)
        if part != nil || was != nil {
            findings.check(
                .partTargetFixed,
                part == was,
                "\(name): \(part ?? 0), was \(was ?? 0)"
            )
        }
        if !playlist.isEnded, !other.isEnded {
            findings.check(
                .serverControlSame,
                playlist.serverControl == other.serverControl,
                "\(name): \(playlist.serverControl), was \(other.serverControl)"
            )
        }
    }
}
