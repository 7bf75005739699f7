import ISOBMFF
import Segmenting

/// Names that a recording gets in the library.
package enum RecordingName {
    /// The id of a publish's video: the stream's and when it began, `studio-20261123T205609Z`.
    package static func id(streamID: String, startMicroseconds: Int64) -> String {
        streamID + "-" + compactTime(startMicroseconds)
    }

    /// ISO 8601 without separators, seconds, UTC.
    ///
    /// Days from civil dates after H. Hinnant.
    static func compactTime(_ microseconds: Int64) -> String {
        let time = UTCTime(microseconds: microseconds)
        return digits(time.year, 4) + digits(time.month, 2) + digits(time.day, 2) + "T"
            + digits(time.second / 3600, 2) + digits(time.second / 60 % 60, 2)
            + digits(time.second % 60, 2) + "Z"
    }

    /// What a track's file is called in the library: `720p.mp4`, `audio.en.m4a`.
    ///
    /// - Parameters:
    ///   - track: as it was coded first.
    ///   - generation: 1-based; later ones hold what one file could not.
    ///   - taken: names that others have; those behind the first tell their track.
    /// - Returns: a name that `LibraryFileName` takes.
    static func file(_ track: LiveTrack, generation: Int, taken: Set<String>) -> String {
        let suffix = track.id.name + (generation == 1 ? "" : "-\(generation)")
        switch track.id.kind {
        case .video:
            let video = track.sampleEntry.video
            let stem = "\(max(video?.height ?? 0, 0))p"
            return taken.contains(stem + ".mp4") ? "\(stem)-\(suffix).mp4" : stem + ".mp4"
        case .audio:
            let stem = "audio." + language(track.language)
            return taken.contains(stem + ".m4a") ? "\(stem).\(suffix).m4a" : stem + ".m4a"
        }
    }

    /// A tag that may stand in a file's name, `und` for any other.
    private static func language(_ tag: String) -> String {
        let subtags = tag.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = subtags.allSatisfy { subtag in
            (1...8).contains(subtag.count)
                && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        let primary = subtags.first ?? ""
        guard isPlain, (2...8).contains(primary.count), primary.allSatisfy(\.isLetter) else {
            return "und"
        }
        return tag
    }

    static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

/// A wall time in UTC by parts.
struct UTCTime: Hashable {
    var year: Int
    var month: Int
    var day: Int
    /// Of the day.
    var second: Int
    /// Of the second.
    var microsecond: Int

    init(microseconds: Int64) {
        let (seconds, rest) = Self.floor(microseconds, 1_000_000)
        let (days, second) = Self.floor(seconds, 86_400)
        self.second = Int(second)
        microsecond = Int(rest)
        let shifted = days + 719_468
        let (era, dayOfEra) = Self.floor(shifted, 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    /// Microseconds since 1970 of a date; the parts must be in range.
    static func microseconds(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(year - (month <= 2 ? 1 : 0))
        let (era, yearOfEra) = floor(shifted, 400)
        let dayOfYear = (153 * (Int64(month) + (month > 2 ? -3 : 9)) + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 * 1_000_000
    }

    /// As RFC 3339 has it: `2026-11-23T20:56:09.123Z`.
    var text: String {
        RecordingName.digits(year, 4) + "-" + RecordingName.digits(month, 2) + "-"
            + RecordingName.digits(day, 2) + "T" + RecordingName.digits(second / 3600, 2) + ":"
            + RecordingName.digits(second / 60 % 60, 2) + ":"
            + RecordingName.digits(second % 60, 2) + "."
            + RecordingName.digits(microsecond / 1000, 3) + "Z"
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
