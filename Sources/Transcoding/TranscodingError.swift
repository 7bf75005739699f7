/// Why a media file could not be probed or imported; the cases carry facts, `description` says them
/// to a person.
package enum TranscodingError: Error, Hashable, Sendable, Codable {
    // The source.
    case notFound(path: String)
    case notAFile(path: String)
    case emptyFile(path: String)
    case unreadable(path: String, errno: Int32)
    /// The bytes are of no container that is known.
    case notMedia(path: String)
    /// The container is known and not accepted: a playlist, a subtitle file, a picture.
    case refusedContainer(format: String)
    /// The demuxer gave up; `detail` is its own last word.
    case damaged(detail: String)
    /// An MP4 or MOV file without its `moov`: a recording or a download that was cut off.
    case missingIndex
    /// The file ends well before the duration that it declares.
    case truncated(declaredSeconds: Double, foundSeconds: Double)
    case encrypted

    // What is in it.
    case nothingToImport
    case unsupportedVideo(codec: String)
    case unsupportedAudio(codec: String)
    /// Frames are reordered and the container does not say when they are shown.
    case timestampsMissing(codec: String)
    /// Decode times run backwards by more than can be mended.
    case timestampsBroken(streamIndex: Int, seconds: Double)
    /// The decoder's configuration is another one midway; a file that is written here has one.
    case configurationChanges(streamIndex: Int)
    /// A named limit of `ImportLimits` is exceeded.
    case tooMany(what: String, limit: Int)

    // The library.
    case libraryMissing(path: String)
    case invalidID(String)
    case idTaken(String)
    case diskFull(path: String)
    case writeFailed(path: String, errno: Int32)
    /// The packets cannot be written as MP4; `detail` is the muxer's own last word.
    case cannotMux(codec: String, detail: String)

    // The child process.
    case cannotStart(executable: String, errno: Int32)
    /// No progress for this long.
    case stalled(seconds: Int)
    case tookTooLong
    case crashed(signal: Int32)
    case childFailed(exitCode: Int32)
    case cancelled
}

extension TranscodingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound, .notAFile, .emptyFile, .unreadable, .notMedia, .refusedContainer, .damaged,
            .missingIndex, .truncated, .encrypted:
            sourceDescription
        case .nothingToImport, .unsupportedVideo, .unsupportedAudio, .timestampsMissing,
            .timestampsBroken, .configurationChanges, .tooMany:
            contentDescription
        case .libraryMissing, .invalidID, .idTaken, .diskFull, .writeFailed, .cannotMux:
            libraryDescription
        case .cannotStart, .stalled, .tookTooLong, .crashed, .childFailed, .cancelled:
            childDescription
        }
    }
}
