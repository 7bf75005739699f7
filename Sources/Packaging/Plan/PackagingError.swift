/// Why an asset cannot be packaged, or an answer cannot be made.
package enum PackagingError: Error, Hashable, Sendable {
    /// No track that can be packaged is in the source.
    case nothingToPackage
    /// Sample bytes are not what their table says; found while making a transform's output.
    case damagedSamples(file: String)
    /// A stored index is cut short, damaged or of another format version.
    case unusableIndex(String)
    /// The asset has no such track, segment or format: 404.
    case notFound
    /// A clip's start or end cannot be: 400.
    case invalidClip
    /// A subtitle file cannot be read.
    case invalidSubtitles(line: Int)
    /// A source exceeds a named limit.
    case limitExceeded(String)
}

extension PackagingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingToPackage: "no track that can be packaged"
        case .damagedSamples(let file): "the samples of \(file) are damaged"
        case .unusableIndex(let reason): "the stored index cannot be used: \(reason)"
        case .notFound: "no such track, segment or format"
        case .invalidClip:
            "the clip's start and end must be seconds, start before end, inside the video"
        case .invalidSubtitles(let line): "the subtitles cannot be read at line \(line)"
        case .limitExceeded(let limit): "the source exceeds the limit \(limit)"
        }
    }
}
