import MediaHTTP
import NIOCore
import Segmenting

/// What a held request waits for.
enum LiveCondition: Hashable, Sendable {
    /// The playlist has this segment whole, or this part of it.
    case playlist(LiveTrackID, segment: UInt64, part: Int?, LiveSkip)
    /// The part is there, or will never be.
    case part(token: String, LiveTrackID, segment: UInt64, index: Int)
    /// The segment has its first part, or will never have.
    case segment(token: String, LiveTrackID, number: UInt64)
}

/// How a wait ends.
package enum LiveWaitOutcome: Hashable, Sendable {
    case ready
    /// Held as long as may be.
    case timedOut
    /// The source went away: what there is must do.
    case released
}

/// Requests held until something comes, grouped by what they wait for, then by event loop.
///
/// All of a group get one answer, made once for each event loop; a change costs one hop for each
/// event loop, however many wait.
struct LiveWaiters: Sendable {
    typealias Respond = @Sendable (LiveWaitOutcome) -> MediaResponse

    private struct Waiter {
        var promise: EventLoopPromise<MediaResponse>
        var deadline: Int64
    }

    private struct LoopWaiters {
        var eventLoop: any EventLoop
        /// In the order they came, and so in that of their deadlines.
        var waiters: [Waiter]
    }

    private struct Group {
        var respond: Respond
        var loops: [LoopWaiters] = []
    }

    private var groups: [LiveCondition: Group] = [:]
    private(set) var count = 0

    /// Holds a request until `deadline`, in steady microseconds.
    mutating func add(
        _ condition: LiveCondition,
        on eventLoop: any EventLoop,
        until deadline: Int64,
        respond: @escaping Respond
    ) -> EventLoopFuture<MediaResponse> {
        let promise = eventLoop.makePromise(of: MediaResponse.self)
        let waiter = Waiter(promise: promise, deadline: deadline)
        var group = groups.removeValue(forKey: condition) ?? Group(respond: respond)
        if let index = group.loops.firstIndex(where: { $0.eventLoop === eventLoop }) {
            group.loops[index].waiters.append(waiter)
        } else {
            group.loops.append(LoopWaiters(eventLoop: eventLoop, waiters: [waiter]))
        }
        groups[condition] = group
        count += 1
        return promise.futureResult
    }

    /// How many wait for a playlist of a track.
    func playlistCount(of track: LiveTrackID) -> Int {
        groups.reduce(0) { sum, entry in
            guard case .playlist(track, _, _, _) = entry.key else { return sum }
            return sum + entry.value.loops.reduce(0) { $0 + $1.waiters.count }
        }
    }

    /// Takes those whose condition holds now.
    mutating func takeReady(_ isMet: (LiveCondition) -> Bool) -> LiveRelease {
        var release = LiveRelease()
        guard count > 0 else { return release }
        for condition in groups.keys.filter(isMet) { take(condition, .ready, &release) }
        return release
    }

    mutating func takeAll(_ outcome: LiveWaitOutcome) -> LiveRelease {
        var release = LiveRelease()
        for condition in Array(groups.keys) { take(condition, outcome, &release) }
        return release
    }

    private mutating func take(
        _ condition: LiveCondition,
        _ outcome: LiveWaitOutcome,
        _ release: inout LiveRelease
    ) {
        guard let group = groups.removeValue(forKey: condition) else { return }
        for loop in group.loops {
            count -= loop.waiters.count
            release.add(loop.waiters.map(\.promise), group.respond, outcome, on: loop.eventLoop)
        }
    }

    /// Takes those whose time is up.
    ///
    /// - Parameter now: steady microseconds.
    /// - Returns: them, and when the next one's time will be up.
    mutating func takeExpired(now: Int64) -> (release: LiveRelease, nextDeadline: Int64?) {
        var release = LiveRelease()
        var next: Int64?
        for (condition, group) in groups {
            var kept = group
            for index in kept.loops.indices {
                let waiters = kept.loops[index].waiters
                let expired = waiters.prefix { $0.deadline <= now }
                guard !expired.isEmpty else { continue }
                release.add(
                    expired.map(\.promise),
                    group.respond,
                    .timedOut,
                    on: kept.loops[index].eventLoop
                )
                kept.loops[index].waiters = Array(waiters.dropFirst(expired.count))
                count -= expired.count
            }
            kept.loops.removeAll { $0.waiters.isEmpty }
            groups[condition] = kept.loops.isEmpty ? nil : kept
            for loop in kept.loops {
                guard let deadline = loop.waiters.first?.deadline else { continue }
                next = min(next ?? deadline, deadline)
            }
        }
        return (release, next)
    }
}

/// Waiters on their way out: answered when no lock is held.
struct LiveRelease: Sendable {
    private struct Batch {
        var promises: [EventLoopPromise<MediaResponse>]
        var respond: LiveWaiters.Respond
        var outcome: LiveWaitOutcome
    }

    private var loops: [(eventLoop: any EventLoop, batches: [Batch])] = []

    fileprivate mutating func add(
        _ promises: [EventLoopPromise<MediaResponse>],
        _ respond: @escaping LiveWaiters.Respond,
        _ outcome: LiveWaitOutcome,
        on eventLoop: any EventLoop
    ) {
        let batch = Batch(promises: promises, respond: respond, outcome: outcome)
        if let index = loops.firstIndex(where: { $0.eventLoop === eventLoop }) {
            loops[index].batches.append(batch)
        } else {
            loops.append((eventLoop, [batch]))
        }
    }

    /// One hop for each event loop; each answer is made there, once.
    func perform() {
        for (eventLoop, batches) in loops {
            eventLoop.execute {
                for batch in batches {
                    let response = batch.respond(batch.outcome)
                    for promise in batch.promises { promise.succeed(response) }
                }
            }
        }
    }
}
