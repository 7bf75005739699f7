import Synchronization

/// The purges that were asked for, and when: an object born no later than one that means it is dead,
/// in memory and when it comes back from the shared tier.
///
/// Bounded. Where one more purge than it can hold is recorded, the oldest quarter becomes a purge
/// of everything up to the newest of that quarter: more than was asked for, never less.
///
/// Times are the monotonic milliseconds of `Freshness`. From any thread; an object born after the
/// newest purge, which is all of them where there was none, costs one load.
package final class PurgeLog: Sendable {
    fileprivate struct State {
        var tags: [String: Int64] = [:]
        var addresses: [String: Int64] = [:]
        var prefixes: [String: Int64] = [:]
        /// When everything was purged last.
        var floor = Int64.min

        var count: Int { tags.count + addresses.count + prefixes.count }
    }

    private let state: Mutex<State>
    /// Written under the lock.
    private let newest: Atomic<Int64>

    package init() {
        self.state = Mutex(State())
        self.newest = Atomic(.min)
    }

    /// Records a purge.
    ///
    /// - Parameters:
    ///   - target: what goes; a text that `PurgeTarget.init` would refuse purges everything.
    ///   - now: objects born later stay.
    package func record(_ target: PurgeTarget, at now: Int64) {
        state.withLock { state in
            state.add(target, at: now)
            let last = max(now, newest.load(ordering: .relaxed))
            newest.store(last, ordering: .releasing)
        }
    }

    /// Whether an object must not be served any more, to anybody.
    package func isDead(_ object: CachedObject, for key: CacheKey) -> Bool {
        let bornAt = object.freshness.bornAt
        guard bornAt <= newest.load(ordering: .acquiring) else { return false }
        return state.withLock { state in
            bornAt <= state.floor || state.isPurged(object.head.tags, bornAt)
                || state.isPurged(key, bornAt)
        }
    }

    /// Purges that are told apart.
    package var count: Int { state.withLock { $0.count } }
}

extension PurgeLog.State {
    func isPurged(_ tags: [String], _ bornAt: Int64) -> Bool {
        !self.tags.isEmpty && tags.contains { Self.isPurged($0, in: self.tags, bornAt) }
    }

    func isPurged(_ key: CacheKey, _ bornAt: Int64) -> Bool {
        if !addresses.isEmpty {
            let text = key.text.utf8
            let end = text.firstIndex(of: UInt8(ascii: "#")) ?? text.endIndex
            let address = key.text[..<end]
            if Self.isPurged(String(address), in: addresses, bornAt) { return true }
            if let query = address.utf8.firstIndex(of: UInt8(ascii: "?")),
                Self.isPurged(String(address[..<query]), in: addresses, bornAt)
            {
                return true
            }
        }
        return prefixes.contains { prefix, time in
            bornAt <= time && key.text.utf8.starts(with: prefix.utf8)
        }
    }

    private static func isPurged(
        _ text: String,
        in times: [String: Int64],
        _ bornAt: Int64
    ) -> Bool {
        times[text].map { bornAt <= $0 } ?? false
    }

    mutating func add(_ target: PurgeTarget, at time: Int64) {
        guard time > floor else { return }
        guard target.isUsable else { return raiseFloor(to: time) }
        switch target {
        case .everything: raiseFloor(to: time)
        case .tag(let text): tags[text] = max(time, tags[text] ?? time)
        case .address(let text): addresses[text] = max(time, addresses[text] ?? time)
        case .prefix(let text): prefixes[text] = max(time, prefixes[text] ?? time)
        }
        if prefixes.count > PurgeLimits.mostPrefixes {
            raiseFloor(to: prefixes.values.min() ?? time)
        }
        if count > PurgeLimits.mostTargets {
            let times = [tags, addresses, prefixes].flatMap(\.values).sorted()
            raiseFloor(to: times[times.count / 4])
        }
    }

    private mutating func raiseFloor(to time: Int64) {
        floor = max(floor, time)
        let floor = floor
        tags = tags.filter { $0.value > floor }
        addresses = addresses.filter { $0.value > floor }
        prefixes = prefixes.filter { $0.value > floor }
    }
}

// MARK: - Across restarts

extension PurgeLog {
    /// The log as it was saved, with wall times turned into this process's monotonic ones.
    ///
    /// A purge that the wall clock, set back since, has still before it counts as one of now.
    ///
    /// - Throws: `PurgeLogError.malformed` and what is at fault; who then still trusts the shared
    ///   tier must purge everything.
    package convenience init(
        serialized bytes: [UInt8],
        now: Int64,
        wallMilliseconds: Int64
    ) throws(PurgeLogError) {
        self.init()
        for purge in try PurgeLogText.read(bytes) {
            let (age, overflow) = wallMilliseconds.subtractingReportingOverflow(purge.time)
            guard !overflow else { throw .malformed(line: purge.line) }
            let (time, isBeforeAll) = now.subtractingReportingOverflow(max(0, age))
            if !isBeforeAll { record(purge.target, at: time) }
        }
    }

    /// The log with wall times, to be saved.
    ///
    /// - Parameters:
    ///   - now: the monotonic clock's milliseconds.
    ///   - wallMilliseconds: Unix time of the same moment.
    /// - Returns: text in UTF-8; sizes are bounded as the log is.
    package func serialized(now: Int64, wallMilliseconds: Int64) -> [UInt8] {
        var purges = state.withLock { state in
            state.tags.map { (target: PurgeTarget.tag($0.key), time: $0.value) }
                + state.addresses.map { (target: .address($0.key), time: $0.value) }
                + state.prefixes.map { (target: .prefix($0.key), time: $0.value) }
                + (state.floor == .min ? [] : [(target: .everything, time: state.floor)])
        }
        for index in purges.indices {
            purges[index].time += wallMilliseconds - now
        }
        return PurgeLogText.write(purges.sorted { $0.time < $1.time })
    }
}
