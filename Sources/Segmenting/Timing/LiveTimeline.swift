/// Puts the times of a publish's tracks on one line that only goes forward.
///
/// Every track has its own base, what its times are less by. Tracks of one encoder share it; those
/// whose encoder starts them at unrelated times do not. A jump gives the track a new base such that
/// it goes on where the newest track stands. The other tracks follow with their own next sample,
/// to the same base where that fits, and until then what they still send of the time before the
/// jump keeps its place.
///
/// Times in microseconds.
package struct LiveTimeline: Sendable {
    /// Where a sample stands.
    package enum Place: Hashable, Sendable {
        case at(Int64)
        /// The same, and the sample does not go on where its track ended.
        case jumpedTo(Int64)
        /// Before the line's beginning.
        case beforeStart
    }

    private struct TrackState {
        var id: LiveTrackID
        var base: Int64
        var last: Int64
        /// Distance of its last two samples.
        var interval: Int64 = 0
    }

    private var tracks: [TrackState] = []
    /// What tracks that are new, or that jump after another one, try first.
    private var sharedBase: Int64
    /// The newest time of all tracks.
    package private(set) var latest: Int64 = 0

    /// - Parameter start: the encoder's time that is the line's 0.
    package init(start: Int64) {
        sharedBase = start
    }

    /// Where the encoder's time lies on the line, for what belongs to no track.
    package func time(of stamp: Int64) -> Int64 {
        max(0, stamp - sharedBase)
    }

    package mutating func place(_ id: LiveTrackID, at stamp: Int64) -> Place {
        guard let index = tracks.firstIndex(where: { $0.id == id }) else {
            return begin(id, at: stamp)
        }
        let track = tracks[index]
        if fits(stamp - track.base, of: track) {
            return .at(advance(index, to: stamp - track.base))
        }
        if sharedBase != track.base, fits(stamp - sharedBase, of: track) {
            tracks[index].base = sharedBase
            return .at(advance(index, to: stamp - sharedBase))
        }
        let step = (1...TimingLimits.step).contains(track.interval) ? track.interval : 1_000
        let time = latest + step
        sharedBase = stamp - time
        tracks[index].base = sharedBase
        tracks[index].last = time
        latest = time
        return .jumpedTo(time)
    }

    private func fits(_ time: Int64, of track: TrackState) -> Bool {
        let interval = min(track.interval, TimingLimits.longestInterval)
        let forward = max(TimingLimits.forward, interval * TimingLimits.forwardFrames)
        return time >= track.last - TimingLimits.backward && time <= latest + forward
    }

    private mutating func advance(_ index: Int, to time: Int64) -> Int64 {
        let step = time - tracks[index].last
        if step > 0 { tracks[index].interval = step }
        tracks[index].last = max(time, tracks[index].last)
        latest = max(latest, time)
        return time
    }

    private mutating func begin(_ id: LiveTrackID, at stamp: Int64) -> Place {
        var base = sharedBase
        var time = stamp - base
        let isApart = (time - latest).magnitude > UInt64(TimingLimits.startApart)
        if isApart, !tracks.isEmpty {
            time = latest
            base = stamp - time
        }
        guard time >= 0 else { return .beforeStart }
        tracks.append(TrackState(id: id, base: base, last: time))
        latest = max(latest, time)
        return .at(time)
    }
}
