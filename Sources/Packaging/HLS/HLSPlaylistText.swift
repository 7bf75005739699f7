/// The lines that every kind of media playlist has.
enum HLSPlaylistText {
    static func writeHead(
        version: Int,
        longest: MediaTime,
        isIFramesOnly: Bool = false,
        to writer: inout TextWriter
    ) {
        writer.append("#EXTM3U\n#EXT-X-VERSION:")
        writer.append(version)
        writer.append("\n#EXT-X-TARGETDURATION:")
        writer.append(targetDuration(longest, version: version))
        writer.append("\n#EXT-X-PLAYLIST-TYPE:VOD\n")
        if isIFramesOnly { writer.append("#EXT-X-I-FRAMES-ONLY\n") }
    }

    /// Whole seconds of the longest segment: rounded to the nearest from version 6 on, before that
    /// rounded up, as it was then a maximum that no segment exceeds.
    ///
    /// RFC 8216bis §4.4.3.1, §8
    static func targetDuration(_ longest: MediaTime, version: Int) -> Int {
        let timescale = Int64(longest.timescale)
        let (whole, rest) = longest.value.quotientAndRemainder(dividingBy: timescale)
        let isRoundedUp = version >= 6 ? rest * 2 >= timescale : rest > 0
        return max(1, Int(whole) + (isRoundedUp ? 1 : 0))
    }

    static func writeMap(_ descriptionIndex: Int, to writer: inout TextWriter) {
        writer.append("#EXT-X-MAP:URI=\"init-")
        writer.append(descriptionIndex + 1)
        writer.append(".mp4\"\n")
    }

    static func writeDuration(
        start: Int64,
        duration: Int64,
        timescale: UInt32,
        to writer: inout TextWriter
    ) {
        let end = microseconds(start + duration, timescale: timescale)
        writer.append("#EXTINF:")
        writer.append(millionths: end - microseconds(start, timescale: timescale))
        writer.append(",\n")
    }

    /// Ticks in microseconds, rounded down below the half and up from it.
    private static func microseconds(_ ticks: Int64, timescale: UInt32) -> Int64 {
        let timescale = Int64(timescale)
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return whole * 1_000_000 + (rest * 1_000_000 + timescale / 2) / timescale
    }
}
