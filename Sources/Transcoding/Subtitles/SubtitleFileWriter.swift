package import Packaging

/// Gathers the cues of one subtitle stream and writes them as a WebVTT file.
///
/// W3C WebVTT §4.1
package struct SubtitleFileWriter {
    private var cues: [WebVTTDocument.Cue] = []
    private let codec: String

    package init(codec: String) {
        self.codec = codec
    }

    /// Adds a cue; `settings` are WebVTT's own, as Matroska carries them beside the text.
    ///
    /// - Throws: `TranscodingError.tooMany`.
    package mutating func add(
        _ bytes: [UInt8],
        start: MediaTime,
        duration: MediaTime,
        settings: String
    ) throws(TranscodingError) {
        let first = start.rounded(toTimescale: 1_000)
        let end = first + duration.rounded(toTimescale: 1_000)
        let text = SubtitleText.webVTT(Array(bytes.prefix(ImportLimits.cueBytes)), codec: codec)
        guard !text.isEmpty, end > max(0, first) else { return }
        guard cues.count < ImportLimits.cues else {
            throw .tooMany(what: "subtitle cues", limit: ImportLimits.cues)
        }
        cues.append(
            .init(
                startMilliseconds: max(0, first),
                endMilliseconds: end,
                settings: settings.contains(where: \.isNewline) ? "" : settings,
                payload: text
            )
        )
    }

    /// The whole file.
    package func document() -> String {
        var text = "WEBVTT\n"
        for cue in cues.sorted(by: { $0.startMilliseconds < $1.startMilliseconds }) {
            text += "\n\(Self.time(cue.startMilliseconds)) --> \(Self.time(cue.endMilliseconds))"
            if !cue.settings.isEmpty { text += " \(cue.settings)" }
            text += "\n\(cue.payload)\n"
        }
        return text
    }

    /// A time as WebVTT writes it: `00:01:02.003`.
    private static func time(_ milliseconds: Int64) -> String {
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
        return parts.joined(separator: ":") + "." + padded(fraction, 3)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
