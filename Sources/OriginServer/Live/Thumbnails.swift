import Dispatch
import Foundation
import Live
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Keeps a picture of each live stream, for pages that show what is live.
///
/// One thread asks for all of them, so that neither event loops nor publishers ever wait.
struct Thumbnails: Service {
    let hub: LiveHub
    let interval: Duration
    let logger: Logger
    /// Called on the thread that uses it.
    let makeMaker: @Sendable () -> any ThumbnailMaker

    func run() async throws {
        let stop = Stop()
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        work(until: stop)
                        continuation.resume()
                    }
                }
            } onCancel: {
                stop.ask()
            }
        } onGracefulShutdown: {
            stop.ask()
        }
    }

    /// Ends the thread, at the latest when the picture that is being made is done.
    private final class Stop: Sendable {
        private let isAsked = Atomic(false)
        private let semaphore = DispatchSemaphore(value: 0)

        func ask() {
            isAsked.store(true, ordering: .releasing)
            semaphore.signal()
        }

        /// - Returns: whether to go on.
        func wait(_ duration: Duration) -> Bool {
            let nanoseconds = Int(duration.microseconds) * 1000
            _ = semaphore.wait(timeout: .now() + .nanoseconds(nanoseconds))
            return !isAsked.load(ordering: .acquiring)
        }
    }

    /// Names of streams that are remembered, gone ones too.
    private static let picturedLimit = 10_000

    private func work(until stop: Stop) {
        let maker = makeMaker()
        let begin = ContinuousClock.now
        var machine = ThumbnailStateMachine(interval: interval)
        /// Whose picture is there, so that none is made twice.
        var pictured: [String: LiveKeyFrame.Identity] = [:]
        var pause = Duration.zero
        while stop.wait(pause) {
            pause = .zero
            let now = ContinuousClock.now - begin
            switch machine.next(of: hub.streams.map(\.id), at: now) {
            case .wait(let duration): pause = duration
            case .make(let id):
                guard let stream = hub.stream(id), let frame = stream.newestKeyFrame,
                    pictured[id] != frame.identity
                else { continue }
                if pictured.count > Self.picturedLimit { pictured = [:] }
                pictured[id] = frame.identity
                machine.worked(at: now)
                switch make(frame, of: stream, with: maker) {
                case .picture, .refused: break
                case .failed: machine.failed(id, at: now)
                // The same key frame will do when there is a decoder again.
                case .unavailable: pictured[id] = nil
                }
            }
        }
    }

    private func make(
        _ frame: LiveKeyFrame,
        of stream: LiveStream,
        with maker: any ThumbnailMaker
    ) -> ThumbnailOutcome {
        let outcome = maker.picture(
            of: Array(frame.part.readableBytesView),
            initialization: Array(frame.initialization.readableBytesView)
        )
        switch outcome {
        case .picture(let jpeg): stream.setThumbnail(ByteBuffer(bytes: jpeg))
        case .refused, .unavailable:
            logger.debug(
                "no thumbnail",
                metadata: ["stream": "\(stream.id)", "outcome": "\(outcome)"]
            )
        case .failed:
            logger.warning(
                "a key frame ended the process that makes thumbnails",
                metadata: ["stream": "\(stream.id)"]
            )
        }
        return outcome
    }
}
