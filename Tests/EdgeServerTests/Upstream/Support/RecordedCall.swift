import EdgeServer
import NIOCore
import NIOPosix

/// A call whose answer is kept, for tests on any thread.
struct RecordedCall: Sendable {
    struct Outcome: Sendable {
        var interim: [Int] = []
        var head: UpstreamHead?
        var body: [UInt8] = []
        var bodySizeBytes = 0
        var readCount = 0
        var error: UpstreamError?

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let eventLoop: any EventLoop
    let outcome: EventLoopFuture<Outcome>
    let head: EventLoopFuture<Void>
    private let recorder: NIOLoopBound<Recorder>

    /// Starts a call, whose body is kept or only counted.
    static func start(
        _ group: UpstreamGroup,
        _ request: UpstreamRequest,
        excluding: Set<OriginID> = [],
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any(),
        keepsBody: Bool = true,
        stopsReadingAtHead: Bool = false,
        cancelsAtOnce: Bool = false
    ) async throws -> RecordedCall {
        try await eventLoop.submit {
            let recorder = Recorder(
                eventLoop,
                keepsBody: keepsBody,
                stopsReadingAtHead: stopsReadingAtHead
            )
            let call = group.call(
                request,
                excluding: excluding,
                on: eventLoop,
                receiver: recorder
            )
            recorder.call = call
            if cancelsAtOnce { call.cancel() }
            return RecordedCall(
                eventLoop: eventLoop,
                outcome: recorder.over.futureResult,
                head: recorder.headPromise.futureResult,
                recorder: NIOLoopBound(recorder, eventLoop: eventLoop)
            )
        }.get()
    }

    /// Does something with the call on its event loop.
    func with<Value: Sendable>(
        _ body: @escaping @Sendable (any UpstreamCall) throws -> Value
    ) async throws -> Value? {
        try await eventLoop.submit { try recorder.value.call.map(body) }.get()
    }

    /// What has come so far.
    func soFar() async throws -> Outcome {
        try await eventLoop.submit { recorder.value.outcome }.get()
    }
}

private final class Recorder: UpstreamReceiver {
    var call: (any UpstreamCall)?
    var outcome = RecordedCall.Outcome()
    let over: EventLoopPromise<RecordedCall.Outcome>
    let headPromise: EventLoopPromise<Void>
    private let keepsBody: Bool
    private let stopsReadingAtHead: Bool
    private var isOver = false

    init(_ eventLoop: any EventLoop, keepsBody: Bool, stopsReadingAtHead: Bool) {
        over = eventLoop.makePromise()
        headPromise = eventLoop.makePromise()
        self.keepsBody = keepsBody
        self.stopsReadingAtHead = stopsReadingAtHead
    }

    deinit {
        headPromise.succeed()
        if !isOver { over.fail(UpstreamError.cancelled) }
    }

    func interim(_ head: UpstreamHead) { outcome.interim.append(head.status) }

    func head(_ head: UpstreamHead) {
        precondition(outcome.head == nil && !isOver)
        outcome.head = head
        if stopsReadingAtHead { call?.isReading = false }
        headPromise.succeed()
    }

    func body(_ bytes: ByteBuffer) {
        precondition(outcome.head != nil && !isOver)
        outcome.readCount += 1
        outcome.bodySizeBytes += bytes.readableBytes
        if keepsBody { outcome.body += bytes.readableBytesView }
    }

    func end() { finish() }

    func failed(_ error: UpstreamError) {
        outcome.error = error
        finish()
    }

    func canSendMore() {}

    private func finish() {
        precondition(!isOver)
        isOver = true
        call = nil
        headPromise.succeed()
        over.succeed(outcome)
    }
}
