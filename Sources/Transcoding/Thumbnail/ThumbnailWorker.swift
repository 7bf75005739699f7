/// The parent's side of making thumbnails: one child process that lives long, and is ended where it
/// takes too long or says nonsense.
///
/// Blocks for `ThumbnailLimits.answerTime` at most: use it on a thread of its own.
package final class ThumbnailWorker {
    /// What a key frame came to.
    package enum Outcome: Hashable {
        /// A JPEG.
        case picture([UInt8])
        /// No picture can be made of these bytes.
        case refused
        /// These bytes, or somebody's signal, ended the child.
        case failed
        /// There is no child: one failed a moment ago, or none can be started.
        case unavailable
    }

    /// Starts this very program again with the hidden subcommand.
    package static let ownExecutable = ["/proc/self/exe", "thumbnail-child"]

    private let executable: [String]
    private let answerTime: Duration
    private let restartInterval: Duration
    private let now: () -> ContinuousClock.Instant
    private var child: ChildProcess?
    private var startedAt: ContinuousClock.Instant?

    /// - Parameters:
    ///   - executable: program and arguments that lead to `ThumbnailChild.main`.
    ///   - answerTime: a child that takes longer is ended.
    ///   - restartInterval: from one child's start to the next one's, at least.
    ///   - now: what time it is when a child is started.
    package init(
        executable: [String] = ownExecutable,
        answerTime: Duration = ThumbnailLimits.answerTime,
        restartInterval: Duration = ThumbnailLimits.restartInterval,
        now: @escaping () -> ContinuousClock.Instant = { .now }
    ) {
        self.executable = executable
        self.answerTime = answerTime
        self.restartInterval = restartInterval
        self.now = now
    }

    /// The child's, while there is one.
    package var childProcessID: Int32? { child?.processID }

    /// Makes a picture of the key frame that the media begins with.
    ///
    /// - Parameters:
    ///   - media: fragmented MP4, or as much of it as holds its first sample.
    ///   - initialization: its init segment.
    /// - Returns: the picture, or why there is none.
    package func picture(of media: [UInt8], initialization: [UInt8]) -> Outcome {
        let room = ThumbnailLimits.requestBytes - initialization.count
        guard room > 0 else { return .refused }
        guard let child = running() else { return .unavailable }
        let request = ThumbnailMessage.framed(initialization, Array(media.prefix(room)))
        guard let answer = ask(child, request) else {
            child.kill()
            _ = child.wait()
            self.child = nil
            return .failed
        }
        return answer.isEmpty ? .refused : .picture(answer)
    }

    /// nil where the child did not answer as it should.
    private func ask(_ child: ChildProcess, _ request: [UInt8]) -> [UInt8]? {
        let deadline = ContinuousClock.now + answerTime
        guard child.write(request, until: deadline) else { return nil }
        var message = ThumbnailMessage(limitBytes: ThumbnailLimits.pictureBytes)
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0, let bytes = child.read(milliseconds: CInt(left.rounded(.up))),
                !bytes.isEmpty
            else { return nil }
            do throws(TranscodingError) {
                if let answer = try message.receive(bytes) { return answer }
            } catch {
                return nil
            }
        }
    }

    private func running() -> ChildProcess? {
        if let child {
            if !child.hasEnded { return child }
            self.child = nil
        }
        let time = now()
        if let startedAt, time - startedAt < restartInterval { return nil }
        startedAt = time
        child = try? ChildProcess(executable, hasInput: true)
        return child
    }
}
