package import EdgeCache
package import MediaHTTP
package import NIOCore
import Synchronization

/// One request for one missing thing, for any number of viewers who want it.
///
/// Runs on the event loop of whoever asked first; others join from any loop. It looks into the
/// shared tier, asks the origins one after another until one answers, gives all waiters the answer
/// as soon as its head is there, heals a body that breaks off, and leaves the whole in the tiers. It
/// goes on when its viewers have gone: the next ones are glad of it.
package final class Fill: UpstreamReceiver, Sendable {
    /// What a waiter gets: an answer, or the word that it cannot be shared with others.
    package enum Outcome: Sendable {
        /// The head is there where the answer came from an origin or a tier.
        case answer(MediaResponse, StoredHead?)
        /// Made for one viewer: the others ask for themselves.
        case unshareable
    }

    package struct Waiter: Sendable {
        var eventLoop: any EventLoop
        var promise: EventLoopPromise<Outcome>
    }

    enum Phase {
        case waiting([Waiter])
        case answering(AnswerTemplate, GrowingBody, sizeBytes: UInt64?)
        case ended
    }

    let request: FillRequest
    let services: FillServices
    let eventLoop: any EventLoop
    private let phase = Mutex(Phase.waiting([]))
    private let onEnd: @Sendable (Fill) -> Void
    private let wholeCallback = Mutex<(@Sendable (Int) -> Void)?>(nil)
    /// Used on `eventLoop` only.
    let progress: NIOLoopBoundBox<FillProgress>

    /// - Parameters:
    ///   - request: what is missing.
    ///   - services: what the fill works with.
    ///   - eventLoop: where it runs.
    ///   - onEnd: called once, when nobody can join any more and the tiers have what they get.
    init(
        _ request: FillRequest,
        services: FillServices,
        on eventLoop: any EventLoop,
        onEnd: @escaping @Sendable (Fill) -> Void
    ) {
        self.request = request
        self.services = services
        self.eventLoop = eventLoop
        self.onEnd = onEnd
        // Made by whoever asks first, who is on that loop; background fills are made elsewhere.
        self.progress = .makeBoxSendingValue(FillProgress(), eventLoop: eventLoop)
    }

    /// Calls back when it has ended, with the bytes it kept; 0 where it kept none.
    ///
    /// Before `run`.
    func onWhole(_ callback: @escaping @Sendable (Int) -> Void) {
        wholeCallback.withLock { $0 = callback }
    }

    func reportWhole(_ sizeBytes: Int) {
        let callback = wholeCallback.withLock { callback in
            defer { callback = nil }
            return callback
        }
        callback?(sizeBytes)
    }

    // MARK: - Waiters

    package enum Joined {
        case now(Outcome)
        case later(EventLoopFuture<Outcome>)
        /// It has just ended: what it left is in the tiers, if anywhere.
        case tooLate
    }

    /// From any thread; the future is on `waiterLoop`.
    package func join(on waiterLoop: any EventLoop) -> Joined {
        phase.withLock { phase in
            switch phase {
            case .ended: return .tooLate
            case .answering(let template, let body, let sizeBytes):
                let response = template.response(
                    .source(body, sizeBytes: sizeBytes),
                    at: services.clock()
                )
                return .now(.answer(response, template.head))
            case .waiting(var waiters):
                // Freed for a moment, so that appending copies nothing.
                phase = .ended
                let promise = waiterLoop.makePromise(of: Outcome.self)
                waiters.append(Waiter(eventLoop: waiterLoop, promise: promise))
                phase = .waiting(waiters)
                return .later(promise.futureResult)
            }
        }
    }

    /// Lets viewers have the body while it arrives.
    func startAnswering(_ template: AnswerTemplate, _ body: GrowingBody, sizeBytes: UInt64?) {
        let response = template.response(
            .source(body, sizeBytes: sizeBytes),
            at: services.clock()
        )
        let next = Phase.answering(template, body, sizeBytes: sizeBytes)
        Self.wake(take(next: next), .answer(response, template.head))
    }

    /// Gives all waiters a whole answer.
    func finish(_ response: MediaResponse, _ head: StoredHead?) {
        reportWhole(0)
        onEnd(self)
        Self.wake(take(next: .ended), .answer(response, head))
    }

    /// Gives the first waiter a body of its own, and sends the others to ask for themselves.
    func finishUnshareable(_ response: MediaResponse, _ head: StoredHead) {
        reportWhole(0)
        onEnd(self)
        for (index, waiter) in take(next: .ended).enumerated() {
            waiter.promise.succeed(index == 0 ? .answer(response, head) : .unshareable)
        }
    }

    /// Sends all waiters for the whole, each for itself: it cannot be had in slices.
    func finishUnsliceable() {
        reportWhole(0)
        onEnd(self)
        Self.wake(take(next: .ended), .unshareable)
    }

    /// Lets nobody join any more; what the tiers get must be there by now.
    func endWaiting() {
        reportWhole(0)
        onEnd(self)
        _ = take(next: .ended)
    }

    private func take(next: Phase) -> [Waiter] {
        phase.withLock { phase in
            defer { phase = next }
            guard case .waiting(let waiters) = phase else { return [] }
            return waiters
        }
    }

    /// One task for each event loop, however many wait there.
    private static func wake(_ waiters: [Waiter], _ outcome: Outcome) {
        guard let first = waiters.first else { return }
        if waiters.count == 1 { return first.promise.succeed(outcome) }
        let byLoop = Dictionary(grouping: waiters) { ObjectIdentifier($0.eventLoop) }
        for waiters in byLoop.values {
            waiters[0].eventLoop.execute {
                for waiter in waiters { waiter.promise.succeed(outcome) }
            }
        }
    }
}
