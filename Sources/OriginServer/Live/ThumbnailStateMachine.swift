/// Decides which stream's picture is made next: the one whose turn was longest ago, each at most
/// once in its interval, and all together so many a second.
///
/// Times are of a clock that only goes forward.
package struct ThumbnailStateMachine {
    package enum Limits {
        /// From one picture's begin to the next one's: whoever publishes, pictures take a bounded
        /// share of the processor.
        package static let betweenPictures = Duration.milliseconds(250)
        /// While no stream's turn comes sooner, streams are looked for so often.
        package static let look = Duration.seconds(1)
        /// A stream whose key frame has ended the decoder waits for so many intervals.
        package static let failureIntervals = 12
    }

    package enum Step: Equatable {
        /// Make this stream's picture.
        case make(String)
        /// Ask again after this long.
        case wait(Duration)
    }

    private let interval: Duration
    /// When a stream's next turn is; for those that were seen.
    private var turns: [String: Duration] = [:]
    private var nextPicture: Duration = .zero

    /// - Parameter interval: from one picture of a stream to its next one.
    package init(interval: Duration) {
        self.interval = interval
    }

    /// - Parameters:
    ///   - streams: those that are live.
    ///   - now: what time it is.
    /// - Returns: whose picture to make, or how long to wait.
    package mutating func next(of streams: [String], at now: Duration) -> Step {
        var known: [String: Duration] = [:]
        // One that is new comes before those that wait for their second picture.
        for id in streams { known[id] = turns[id] ?? .zero }
        turns = known
        guard let first = turns.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else {
            return .wait(Limits.look)
        }
        let due = max(first.value, nextPicture)
        guard due <= now else { return .wait(min(due - now, Limits.look)) }
        turns[first.key] = now + interval
        return .make(first.key)
    }

    /// A picture was asked of the decoder at this time, and the stream's key frame has ended it.
    package mutating func failed(_ id: String, at now: Duration) {
        turns[id] = now + interval * Limits.failureIntervals
    }

    /// The decoder was given work at this time.
    package mutating func worked(at now: Duration) {
        nextPicture = now + Limits.betweenPictures
    }
}
