import EdgeCache
import MediaHTTP
package import NIOCore
package import Platform
import Synchronization

/// Knows from the playlists that passed what a viewer will ask for next, and has it fetched.
///
/// A segment is fetched ahead only where a viewer has just asked for the one before it, and somebody
/// lately for the one before that: then he plays, and does not search or switch. From any thread.
package final class Foresight: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Segments on their way ahead of anybody.
        package var fetchCount = 16
        /// Bytes fetched ahead that nobody has asked for yet.
        package var unusedBytes = 64 << 20
        /// Renditions that are followed.
        package var runCount = 4096
        /// Numbers asked for lately that are remembered of a rendition.
        package var recentCount = 32
        /// What nobody has asked for after this many milliseconds was fetched in vain.
        package var patienceMilliseconds: Int64 = 60_000

        package init() {}
    }

    fileprivate struct Followed {
        var run: SegmentRun
        var recent: [UInt64] = []
        var ahead: [(number: UInt64, bytes: Int, at: Int64)] = []
        var usedAt: Int64
    }

    fileprivate struct State {
        /// By what stands before the number in the path.
        var runs: [String: Followed] = [:]
        var fetching = 0
        var unusedBytes = 0
        var sweptAt = Int64.min / 2
    }

    private let state = Mutex(State())
    /// Renditions that are followed, to be asked without the lock.
    private let followedCount = Atomic<Int>(0)
    private let limits: Limits
    private let clock: @Sendable () -> Int64

    package let fetchedBytes = Counter()
    package let usedBytes = Counter()
    package let wastedBytes = Counter()
    package let fetches = Counter()

    package init(limits: Limits = Limits(), clock: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.clock = clock
    }

    /// Reads a text that became whole.
    package func learn(_ target: MediaTarget, _ text: ByteBuffer) {
        guard target.kind == .vodManifest, target.mediaKind == .mediaPlaylist else { return }
        let path = target.key.text.prefix { $0 != "?" }
        guard let run = SegmentRun(playlist: Substring(String(buffer: text)), path: String(path))
        else { return }
        let now = clock()
        state.withLock { state in
            if state.runs[run.prefix] != nil {
                state.runs[run.prefix]?.run = run
                return
            }
            if state.runs.count >= limits.runCount { state.forgetOldest(limits) }
            state.runs[run.prefix] = Followed(run: run, usedAt: now)
            followedCount.store(state.runs.count, ordering: .relaxed)
        }
    }

    /// A viewer asks for a segment.
    ///
    /// - Parameters:
    ///   - path: of the segment.
    ///   - hint: what the player says it will ask for next (CMCD's `nor`): taken at its word where
    ///     it is of the same rendition, as a viewer who plays need not be guessed then.
    /// - Returns: the path of the one to fetch now, if any; `finished` is then owed.
    package func next(after path: String, hint: String? = nil) -> String? {
        guard limits.fetchCount > 0, followedCount.load(ordering: .relaxed) > 0 else { return nil }
        guard let (prefix, name) = Self.place(of: path) else { return nil }
        let now = clock()
        return state.withLock { state in
            guard var followed = state.runs[prefix], followed.run.suffix == name.suffix else {
                return nil
            }
            state.runs[prefix] = nil
            defer { state.runs[prefix] = followed }
            followed.usedAt = now
            settle(&followed, asked: name.number, now, &state)
            let hinted = hint.flatMap { Self.number(of: $0, in: prefix, followed.run) }
            let plays =
                hinted != nil || name.number > 0 && followed.recent.contains(name.number - 1)
            if !followed.recent.contains(name.number) {
                if followed.recent.count >= limits.recentCount { followed.recent.removeFirst() }
                followed.recent.append(name.number)
            }
            let next = hinted ?? name.number + 1
            if plays, state.unusedBytes >= limits.unusedBytes {
                // What nobody came back for must not keep others' segments out for ever.
                state.unusedBytes -= waste(in: &followed, now)
                state.forgetWasted(now) { self.waste(in: &$0, now) }
            }
            guard plays, followed.run.numbers.contains(next),
                !followed.ahead.contains(where: { $0.number == next }),
                state.fetching < limits.fetchCount, state.unusedBytes < limits.unusedBytes
            else { return nil }
            state.fetching += 1
            followed.ahead.append((next, 0, now))
            return followed.run.path(next)
        }
    }

    /// What was fetched ahead has come, or has not.
    package func finished(_ path: String, bytes: Int) {
        guard let (prefix, name) = Self.place(of: path) else { return }
        fetches.add()
        fetchedBytes.add(UInt64(bytes))
        state.withLock { state in
            state.fetching -= 1
            guard
                let index = state.runs[prefix]?.ahead
                    .firstIndex(where: { $0.number == name.number })
            else { return usedBytes.add(UInt64(bytes)) }
            if bytes == 0 {
                state.runs[prefix]?.ahead.remove(at: index)
            } else {
                state.runs[prefix]?.ahead[index].bytes = bytes
                state.unusedBytes += bytes
            }
        }
    }

    /// It was there already: neither fetched nor wasted.
    package func cancelled(_ path: String) {
        guard let (prefix, name) = Self.place(of: path) else { return }
        state.withLock { state in
            state.fetching -= 1
            state.runs[prefix]?.ahead.removeAll { $0.number == name.number }
        }
    }

    /// Which run a segment's path belongs to, and its place in there.
    private static func place(of path: String) -> (prefix: String, name: NumberedName)? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
            let name = NumberedName(path[path.utf8.index(after: slash)...])
        else { return nil }
        return (String(path[..<name.prefix.endIndex]), name)
    }

    private static func number(of path: String, in prefix: String, _ run: SegmentRun) -> UInt64? {
        guard let (found, name) = place(of: path), found == prefix, name.suffix == run.suffix
        else { return nil }
        return name.number
    }

    /// Books what was asked for as used, and what waits too long as wasted.
    private func settle(
        _ followed: inout Followed,
        asked number: UInt64,
        _ now: Int64,
        _ state: inout State
    ) {
        guard !followed.ahead.isEmpty else { return }
        followed.ahead.removeAll { item in
            if item.number == number {
                state.unusedBytes -= item.bytes
                usedBytes.add(UInt64(item.bytes))
                return true
            }
            return false
        }
        state.unusedBytes -= waste(in: &followed, now)
    }

    /// Books what waits too long as wasted; the bytes of it.
    private func waste(in followed: inout Followed, _ now: Int64) -> Int {
        var bytes = 0
        followed.ahead.removeAll { item in
            guard item.bytes > 0, now - item.at > limits.patienceMilliseconds else { return false }
            bytes += item.bytes
            return true
        }
        wastedBytes.add(UInt64(bytes))
        return bytes
    }
}

extension Foresight.State {
    /// Looks through all runs, at most once a second: they are many, and the lock is held.
    fileprivate mutating func forgetWasted(
        _ now: Int64,
        _ waste: (inout Foresight.Followed) -> Int
    ) {
        guard now - sweptAt >= 1000 else { return }
        sweptAt = now
        for key in Array(runs.keys) {
            guard var followed = runs[key], !followed.ahead.isEmpty else { continue }
            unusedBytes -= waste(&followed)
            runs[key] = followed
        }
    }

    fileprivate mutating func forgetOldest(_ limits: Foresight.Limits) {
        guard let oldest = runs.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        unusedBytes -= oldest.value.ahead.reduce(0) { $0 + $1.bytes }
        runs[oldest.key] = nil
    }
}
