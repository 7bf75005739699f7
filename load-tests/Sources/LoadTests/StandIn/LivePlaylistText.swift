/// The live stream's playlists.
///
/// RFC 8216bis §4.4, Appendix B.1.
package struct LivePlaylistText: Sendable {
    let options: StandInOptions
    /// Milliseconds since 1970 at which part 0 of segment 0 begins.
    let epochMilliseconds: Int64

    package init(options: StandInOptions, epochMilliseconds: Int64) {
        self.options = options
        self.epochMilliseconds = epochMilliseconds
    }

    var multivariant: String {
        """
        #EXTM3U
        #EXT-X-VERSION:6
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-STREAM-INF:BANDWIDTH=\(options.liveBitsPerSecond),CODECS="avc1.64001f"
        video/media.m3u8

        """
    }

    /// The playlist as it is while `edge` is the first part that does not exist.
    package func media(edge: PartPosition) -> String {
        let first = max(edge.number - options.windowSegments, 0)
        let partTarget = Self.text(options.partSeconds)
        var text = """
            #EXTM3U
            #EXT-X-VERSION:6
            #EXT-X-TARGETDURATION:\(options.targetDuration)
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=\
            \(Self.text(3 * options.partSeconds)),HOLD-BACK=\
            \(Self.text(3 * Double(options.targetDuration)))
            #EXT-X-PART-INF:PART-TARGET=\(partTarget)
            #EXT-X-MEDIA-SEQUENCE:\(first)
            #EXT-X-MAP:URI="init.mp4"

            """
        let listed =
            edge.number - Int((3 * Double(options.targetDuration)) / options.segmentSeconds)
        for number in first...edge.number {
            let count = number == edge.number ? edge.part : options.partsPerSegment
            if count > 0 { text += "#EXT-X-PROGRAM-DATE-TIME:\(date(number))\n" }
            if number >= listed {
                for part in 0..<count {
                    text += "#EXT-X-PART:DURATION=\(partTarget),URI=\"p\(number).\(part).m4s\""
                    text += part == 0 ? ",INDEPENDENT=YES\n" : "\n"
                }
            }
            if number < edge.number {
                text += "#EXTINF:\(Self.text(options.segmentSeconds)),\ns\(number).m4s\n"
            }
        }
        return text
            + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\(edge.number).\(edge.part).m4s\"\n"
    }

    private static func text(_ seconds: Double) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction)"
    }

    private func date(_ number: Int) -> String {
        let start = Int64(Double(number) * options.segmentSeconds * 1000)
        return UTCDate.text(milliseconds: epochMilliseconds + start)
    }
}

/// Times as playlists write them.
package enum UTCDate {
    /// `2026-01-31T12:00:00.000Z`, from milliseconds since 1970.
    package static func text(milliseconds: Int64) -> String {
        let days = milliseconds / 86_400_000
        let rest = Int(milliseconds % 86_400_000)
        // Years that begin in March put the leap day at their end.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let day = shifted % 146_097
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let march = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 3 : march - 9
        func padded(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(count - text.count, 0)) + text
        }
        return "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(padded(Int(month), 2))"
            + "-\(padded(Int(dayOfMonth), 2))T\(padded(rest / 3_600_000, 2))"
            + ":\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
            + ".\(padded(rest % 1000, 3))Z"
    }
}
