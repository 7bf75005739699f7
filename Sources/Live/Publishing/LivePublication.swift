import Segmenting
import Synchronization

// Unsafe: @unchecked Sendable, because the stages belong to the publisher's thread: `receive` and
// `end` are called there and nowhere else.

/// One publisher's way from messages to a stream.
///
/// Its source reads all the time, so that a backup is ready; its segmenter runs only while its media
/// is taken, from a key frame on.
final class LivePublication: Publication, @unchecked Sendable {
    private let id: PublisherStateMachine.ID
    private let publisher: LivePublisher
    private let entry: LiveHubEntry
    private let stages: PublishStages
    private let limitBytes: Int
    private let clock: any LiveClock

    private var source: any PublishSource
    private var segmenter: (any PublishSegmenter)?
    private var token = ""
    private var tracks: [LiveTrack] = []
    private var meter = PublishMeter()
    // Kept between messages, so that a message costs no array.
    private var inputs: [LiveInput] = []
    private var actions: [SegmenterAction] = []
    private var isOver = false

    init(
        id: PublisherStateMachine.ID,
        publisher: LivePublisher,
        entry: LiveHubEntry,
        stages: PublishStages,
        limitBytes: Int,
        clock: any LiveClock
    ) {
        self.id = id
        self.publisher = publisher
        self.entry = entry
        self.stages = stages
        self.limitBytes = limitBytes
        self.clock = clock
        source = stages.makeSource()
    }

    func receive(_ kind: RTMPMediaKind, timestamp: UInt32, body: Span<UInt8>) throws {
        guard !isOver else { return }
        let now = clock.wallMicroseconds
        inputs.removeAll(keepingCapacity: true)
        try source.receive(
            kind,
            timestamp: timestamp,
            body: body,
            arrivalMicroseconds: now,
            into: &inputs
        )
        guard !inputs.isEmpty else { return }
        try takeInputs()
        if meter.isDue(at: clock.steadyMicroseconds) { report() }
    }

    func end(_ end: PublishEnd) {
        guard !isOver else { return }
        isOver = true
        inputs.removeAll(keepingCapacity: true)
        source.finish(into: &inputs)
        try? takeInputs()
        if segmenter != nil {
            actions.removeAll(keepingCapacity: true)
            segmenter?.finish(into: &actions)
            _ = entry.stream.apply(actions, token: token)
        }
        entry.leave(id, token: token, end)
    }

    // MARK: - Samples

    private func takeInputs() throws(LivePublicationError) {
        actions.removeAll(keepingCapacity: true)
        for input in inputs {
            if case .tracks(let tracks) = input { self.tracks = tracks }
            if segmenter == nil, !begin(with: input) { continue }
            segmenter?.apply(input, into: &actions)
        }
        guard segmenter != nil else { return }
        entry.touch(id, now: clock.steadyMicroseconds)
        switch entry.stream.apply(actions, token: token) {
        case .taken: break
        // Another publisher has taken over: this one is ready to come back.
        case .replaced: segmenter = nil
        case .tooLarge(let limit): throw .streamTooLarge(limitBytes: limit)
        }
        guard segmenter?.heldBytes ?? 0 <= limitBytes else {
            throw .tooMuchWaits(limitBytes: limitBytes)
        }
    }

    /// Whether media can begin here and is taken.
    private func begin(with input: LiveInput) -> Bool {
        guard case .sample(let sample) = input, sample.isSync,
            let track = tracks.first(where: { $0.id == sample.track }),
            track.id.kind == .video || !tracks.contains(where: { $0.id.kind == .video })
        else { return false }
        let newToken = PublishToken.make()
        let mediaMicroseconds = sample.decodeTime.multiplied(
            by: 1_000_000,
            dividedBy: Int64(max(1, track.timescale))
        )
        let start = sample.arrivalMicroseconds - mediaMicroseconds
        guard
            let continuation = entry.offer(
                id,
                token: newToken,
                startMicroseconds: start,
                publisher: publisher
            )
        else { return false }
        token = newToken
        segmenter = stages.makeSegmenter(continuation, start)
        segmenter?.apply(.tracks(tracks), into: &actions)
        return true
    }

    private func report() {
        let figures = source.figures
        let rates = meter.measure(figures, at: clock.steadyMicroseconds)
        entry.stream.update(token) { statistics in
            statistics.source = figures
            guard let rates else { return }
            statistics.bitrate = rates.bitrate
            statistics.framesPerSecond = rates.framesPerSecond
        }
    }
}

extension Int64 {
    /// Without overflow for any media time: whole units first.
    fileprivate func multiplied(by factor: Int64, dividedBy divisor: Int64) -> Int64 {
        self / divisor * factor + self % divisor * factor / divisor
    }
}

/// How much a publisher sends, measured over the last seconds.
struct PublishMeter {
    private static let intervalMicroseconds: Int64 = 1_000_000
    /// Rates are over so many intervals.
    private static let intervalCount = 5

    private var marks: [(at: Int64, figures: LiveSourceFigures)] = []

    func isDue(at now: Int64) -> Bool {
        now - (marks.last?.at ?? .min / 2) >= Self.intervalMicroseconds
    }

    /// - Returns: nil before there is an interval to measure over.
    mutating func measure(
        _ figures: LiveSourceFigures,
        at now: Int64
    ) -> (bitrate: Int, framesPerSecond: Double)? {
        defer {
            marks.append((now, figures))
            if marks.count > Self.intervalCount { marks.removeFirst() }
        }
        guard let first = marks.first, now > first.at else { return nil }
        let seconds = Double(now - first.at) / 1e6
        let bytes = Double(figures.bytes &- first.figures.bytes)
        let frames = Double(figures.videoFrames &- first.figures.videoFrames)
        return (Int(bytes * 8 / seconds), frames / seconds)
    }
}
