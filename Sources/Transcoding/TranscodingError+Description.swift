import Foundation

/// The sentences, in the groups of the cases; each group answers for its own cases only.
extension TranscodingError {
    var sourceDescription: String {
        switch self {
        case .notFound(let path): "there is no file \(path)"
        case .notAFile(let path): "\(path) is not a file"
        case .emptyFile(let path): "\(path) is empty"
        case .unreadable(let path, let code): "\(path) cannot be read: \(Self.text(errno: code))"
        case .notMedia(let path): "\(path) is not a media file of any known container"
        case .refusedContainer(let format): "a file of format \(format) cannot be imported"
        case .damaged(let detail) where detail.isEmpty: "the file is damaged"
        case .damaged(let detail): "the file is damaged: \(detail)"
        case .missingIndex: "the file is cut short: its index (the moov box) is missing"
        case .truncated(let declared, let found):
            "the file is cut short: it says \(Self.text(seconds: declared)) "
                + "and ends after \(Self.text(seconds: found))"
        default: "the file is encrypted"
        }
    }

    var contentDescription: String {
        switch self {
        case .unsupportedVideo(let codec):
            "the video is \(codec), which cannot be packaged; convert it to H.264 first"
        case .unsupportedAudio(let codec):
            "the audio is \(codec), which cannot be packaged; convert it to AAC first"
        case .timestampsMissing(let codec):
            "the container does not say when the \(codec) frames are shown; convert it first"
        case .timestampsBroken(let index, let seconds):
            "the times of stream \(index) run back by \(Self.text(seconds: seconds))"
        case .configurationChanges(let index):
            "the coding of stream \(index) changes midway; convert it to one format first"
        case .tooMany(let what, let limit): "the file has more than \(limit) \(what)"
        default: "the file has no video and no audio that can be imported"
        }
    }

    var libraryDescription: String {
        switch self {
        case .invalidID(let id):
            "'\(id)' cannot be an id: use A-Z, a-z, 0-9, '.', '_' and '-', no dot in front"
        case .idTaken(let id):
            "the library already has a video '\(id)'; choose another id with --id"
        case .diskFull(let path): "the disk is full: \(path) could not be written"
        case .writeFailed(let path, let code):
            "\(path) could not be written: \(Self.text(errno: code))"
        case .cannotMux(let codec, let detail): "the \(codec) cannot be written as MP4: \(detail)"
        case .libraryMissing(let path): "the library folder \(path) does not exist"
        default: "the library cannot be written"
        }
    }

    var childDescription: String {
        switch self {
        case .cannotStart(let executable, let code):
            "\(executable) cannot be started: \(Self.text(errno: code))"
        case .stalled(let seconds): "the importer made no progress for \(seconds) s and was stopped"
        case .tookTooLong: "the file took the importer more CPU time than its size allows"
        case .crashed(let signal): "the file made the importer crash (signal \(signal))"
        case .childFailed(let code): "the importer failed (exit code \(code))"
        default: "the import was cancelled"
        }
    }

    private static func text(errno code: Int32) -> String {
        // strerror's own buffer is not safe across threads; Foundation's wording is a copy.
        POSIXErrorCode(rawValue: code).map { POSIXError($0).localizedDescription }
            ?? "error \(code)"
    }

    private static func text(seconds: Double) -> String {
        String(format: "%.1f s", seconds)
    }
}
