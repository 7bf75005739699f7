import Live
import Segmenting
import Synchronization

/// A publisher whose frames are a third of a second long, and each a part.
final class SyntheticPublisher {
    let connection = Connection()
    let publication: any Publication
    private var frame: UInt32 = 0

    final class Connection: PublisherConnection {
        private let reasons = Mutex<[String]>([])
        var closeReasons: [String] { reasons.withLock { $0 } }

        func close(reason: String) {
            reasons.withLock { $0.append(reason) }
        }
    }

    init(_ hub: LiveHub, _ role: PublishGrant.Role = .primary) throws {
        publication = try hub.begin(
            PublishAttempt(
                application: "live",
                key: "k",
                clientAddress: "192.0.2.1",
                encoder: "synthetic"
            ),
            grant: PublishGrant(streamID: "s", role: role),
            connection: connection
        ).get()
    }

    /// Sends one frame; a key frame begins a segment.
    func send(isKey: Bool = false, sizeBytes: Int = 100) throws {
        let body = [UInt8](repeating: isKey ? 1 : 0, count: sizeBytes - 2)
        try publication.receive(.video, timestamp: frame * 333, body: body.span)
        frame += 1
    }

    /// Sends a segment's frames.
    func sendSegment(_ count: Int = 6, sizeBytes: Int = 100) throws {
        for index in 0..<count { try send(isKey: index == 0, sizeBytes: sizeBytes) }
    }

    func sendRubbish() throws {
        try publication.receive(.data, timestamp: 0, body: [UInt8]().span)
    }

    func end(_ end: PublishEnd = .lost("reset by peer")) {
        publication.end(end)
    }
}

struct SyntheticError: Error {}

extension PublishStages {
    static var synthetic: PublishStages {
        PublishStages(
            makeSource: { SyntheticSource() },
            makeSegmenter: { SyntheticSegmenter(continuation: $0, start: $1) }
        )
    }
}

private struct SyntheticSource: PublishSource {
    private var hasTracks = false
    private var time: Int64 = 0
    var figures = LiveSourceFigures()

    mutating func receive(
        _ kind: RTMPMediaKind,
        timestamp: UInt32,
        body: Span<UInt8>,
        arrivalMicroseconds: Int64,
        into inputs: inout [LiveInput]
    ) throws {
        guard kind == .video else { throw SyntheticError() }
        if !hasTracks { inputs.append(.tracks([ActionMaker.video])) }
        hasTracks = true
        figures.bytes += UInt64(body.count)
        figures.videoFrames += 1
        inputs.append(
            .sample(
                LiveSample(
                    track: ActionMaker.video.id,
                    decodeTime: time,
                    duration: UInt32(ActionMaker.partDuration),
                    isSync: body[0] == 1,
                    arrivalMicroseconds: arrivalMicroseconds,
                    bytes: (0..<body.count).map { body[$0] }
                )
            )
        )
        time += ActionMaker.partDuration
    }

    mutating func finish(into inputs: inout [LiveInput]) {}
}

private struct SyntheticSegmenter: PublishSegmenter {
    private var number: UInt64
    private let discontinuities: UInt64
    private let isContinued: Bool
    private var parts = 0
    private var isOpen = false

    init(continuation: LiveContinuation, start: Int64) {
        number = continuation.nextSegmentNumber
        isContinued = number > 0
        discontinuities = continuation.discontinuitySequence + (isContinued ? 1 : 0)
    }

    mutating func apply(_ input: LiveInput, into actions: inout [SegmenterAction]) {
        switch input {
        case .tracks:
            actions.append(ActionMaker.initialization())
            actions.append(.lowLatency(.parts(targetMicroseconds: 333_334)))
        case .sample(let sample):
            if sample.isSync {
                finish(into: &actions)
                actions.append(
                    ActionMaker.began(
                        number,
                        discontinuities: discontinuities,
                        isDiscontinuity: isContinued && !hasBegun
                    )
                )
                hasBegun = true
                isOpen = true
                parts = 0
            }
            guard isOpen else { return }
            actions.append(
                ActionMaker.part(
                    number,
                    parts,
                    sizeBytes: sample.bytes.count + 2,
                    arrivalMicroseconds: sample.arrivalMicroseconds
                )
            )
            parts += 1
        case .discontinuity, .event: break
        }
    }

    private var hasBegun = false
    var heldBytes: Int { 0 }

    mutating func finish(into actions: inout [SegmenterAction]) {
        guard isOpen else { return }
        actions.append(ActionMaker.ended(number, parts: parts))
        number += 1
        isOpen = false
    }
}
