/// A media playlist with everything that a checker asks about.
///
/// RFC 8216bis §4.4. Addresses stand as they are written.
package struct CheckedPlaylist: Sendable {
    package struct Segment: Sendable {
        package var number: Int
        /// Nil while the segment is being made.
        package var address: String?
        package var seconds: Double?
        package var parts: [MediaPlaylist.Part] = []
        /// Seconds since 1970.
        package var date: Double?
        package var isDiscontinuity = false
        package var isGap = false
        package var map: String?
        /// DISCONTINUITY, MAP or a date stood behind a part.
        package var hasLateTag = false
    }

    package struct Report: Sendable {
        package var address: String
        package var position: PartPosition?
    }

    package var version = 1
    package var targetSeconds = 0.0
    package var partTargetSeconds: Double?
    package var serverControl = ""
    package var canBlockReload = false
    package var holdBackSeconds: Double?
    package var partHoldBackSeconds: Double?
    package var skipUntilSeconds: Double?
    package var firstNumber = 0
    package var discontinuitySequence = 0
    package var type: String?
    package var isEnded = false
    package var skippedSegments: Int?
    /// Oldest first, the one being made too; skipped ones are not there.
    package var segments: [Segment] = []
    package var partHints: [String] = []
    package var mapHints: [String] = []
    package var reports: [Report] = []

    /// - Throws: `ResponseFault.malformedPlaylist`.
    package init(_ text: String) throws(ResponseFault) {
        // What players refuse is refused here too.
        guard case .media(let known) = try Playlist(text) else { throw .malformedPlaylist }
        targetSeconds = known.content.targetSeconds
        partTargetSeconds = known.content.partTargetSeconds
        firstNumber = known.content.mediaSequenceNumber
        discontinuitySequence = known.content.discontinuitySequenceNumber
        isEnded = known.content.isEnded
        canBlockReload = known.content.canBlockReload
        holdBackSeconds = known.content.holdBackSeconds
        partHoldBackSeconds = known.content.partHoldBackSeconds
        var state = Reading()
        for line in text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).map(Substring.init) {
            read(line, &state)
        }
        if !state.segment.parts.isEmpty { finish(address: nil, &state) }
    }

    private struct Reading {
        var segment = Segment(number: 0)
        var map: String?
    }

    private mutating func read(_ line: Substring, _ state: inout Reading) {
        guard line.first == "#" else { return finish(address: String(line), &state) }
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        let value = line[colon...].dropFirst()
        let hasParts = !state.segment.parts.isEmpty
        switch line[..<colon] {
        case "#EXT-X-VERSION": version = Int(value) ?? 1
        case "#EXT-X-PLAYLIST-TYPE": type = String(value)
        case "#EXT-X-SERVER-CONTROL":
            serverControl = String(value)
            skipUntilSeconds = AttributeList(value).number("CAN-SKIP-UNTIL")
        case "#EXT-X-SKIP": skippedSegments = AttributeList(value).integer("SKIPPED-SEGMENTS")
        case "#EXTINF": state.segment.seconds = Double(value.prefix { $0 != "," })
        case "#EXT-X-GAP": state.segment.isGap = true
        case "#EXT-X-DISCONTINUITY":
            state.segment.isDiscontinuity = true
            if hasParts { state.segment.hasLateTag = true }
        case "#EXT-X-MAP":
            state.map = AttributeList(value).string("URI")
            if hasParts { state.segment.hasLateTag = true }
        case "#EXT-X-PROGRAM-DATE-TIME":
            state.segment.date = CheckedDate.seconds(value)
            if hasParts { state.segment.hasLateTag = true }
        case "#EXT-X-PART":
            if let part = try? MediaPlaylist.Part(AttributeList(value)) {
                state.segment.parts.append(part)
            }
        case "#EXT-X-PRELOAD-HINT":
            let list = AttributeList(value)
            guard let address = list.string("URI") else { return }
            if list["TYPE"] == "MAP" { mapHints.append(address) } else { partHints.append(address) }
        case "#EXT-X-RENDITION-REPORT": readReport(AttributeList(value))
        default: break
        }
    }

    private mutating func readReport(_ list: AttributeList) {
        guard let address = list.string("URI") else { return }
        let position = list.integer("LAST-MSN").map { number in
            PartPosition(number: number, part: list.integer("LAST-PART") ?? 0)
        }
        reports.append(Report(address: address, position: position))
    }

    private mutating func finish(address: String?, _ state: inout Reading) {
        var segment = state.segment
        segment.number = firstNumber + (skippedSegments ?? 0) + segments.count
        segment.address = address
        segment.map = state.map
        segments.append(segment)
        state.segment = Segment(number: 0)
    }

    /// The next part that does not exist, as a blocking reload asks for it.
    package var next: PartPosition {
        guard let last = segments.last else { return PartPosition(number: firstNumber, part: 0) }
        return last.address == nil
            ? PartPosition(number: last.number, part: last.parts.count)
            : PartPosition(number: last.number + 1, part: 0)
    }

    package func segment(_ number: Int) -> Segment? {
        segments.first { $0.number == number }
    }
}

/// Dates as playlists write them. ISO 8601
enum CheckedDate {
    /// Seconds since 1970 of `2026-01-31T12:00:00.000Z` or with an offset; nil for anything else.
    static func seconds(_ text: Substring) -> Double? {
        let halves = text.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int($0) }
        var clock = halves[1]
        var offset = 0.0
        if clock.last == "Z" {
            clock.removeLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let figures = clock[sign...].filter(\.isNumber)
            guard figures.count == 4, let number = Int(figures) else { return nil }
            offset = Double(number / 100 * 3600 + number % 100 * 60)
            if clock[sign] == "-" { offset = -offset }
            clock = clock[..<sign]
        }
        let time = clock.split(separator: ":").compactMap { Double($0) }
        guard date.count == 3, time.count == 3, (1...12).contains(date[1]) else { return nil }
        let year = date[1] <= 2 ? date[0] - 1 : date[0]
        let month = (date[1] + 9) % 12
        let days =
            365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date[2] - 1
            - 719_468
        return Double(days) * 86_400 + time[0] * 3600 + time[1] * 60 + time[2] - offset
    }
}
