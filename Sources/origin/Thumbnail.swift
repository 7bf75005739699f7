import ArgumentParser
import OriginServer
import Transcoding

/// The child process that decodes key frames of live streams; `origin serve` starts it.
struct ThumbnailChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thumbnail-child",
        shouldDisplay: false
    )

    func run() throws {
        throw ExitCode(ThumbnailChild.main())
    }
}

/// The origin's thumbnails, made by a child process.
final class ChildThumbnailMaker: ThumbnailMaker {
    private let worker = ThumbnailWorker()

    func picture(of media: [UInt8], initialization: [UInt8]) -> ThumbnailOutcome {
        switch worker.picture(of: media, initialization: initialization) {
        case .picture(let jpeg): .picture(jpeg)
        case .refused: .refused
        case .failed: .failed
        case .unavailable: .unavailable
        }
    }
}
