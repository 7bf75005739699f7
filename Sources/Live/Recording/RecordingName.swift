import ISOBMFF
import Segmenting

/// Names that a recording gets in the library.
package enum RecordingName {
    /// The id of a publish's video: the stream's and when it began, `studio-20261123T205609Z`.
    package static func id(streamID: String, startMicroseconds: Int64) -> String {
        streamID + "-" + compactTime(startMicroseconds)
    }

    /// ISO 8601 without separators, seconds, UTC.
    static func compactTime(_ microseconds: Int64) -> String {
        let text = UTCText.iso(microseconds: microseconds).prefix { $0 != "." }
        return text.filter { $0 != "-" && $0 != ":" } + "Z"
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
}
