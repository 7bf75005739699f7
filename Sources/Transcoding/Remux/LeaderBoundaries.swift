/// Says which samples of the leading track a segment can begin with.
struct LeaderBoundaries {
    private let isVideo: Bool
    private let timescale: Int64
    private var latestShown = Int64.min
    private var lastSecond: Int64 = 0

    init(isVideo: Bool, timescale: UInt32) {
        self.isVideo = isVideo
        self.timescale = Int64(timescale)
    }

    /// Takes the next sample in decode order.
    ///
    /// Of a video a clean key frame: frames that are decoded after an open group's key frame and
    /// shown before it follow it at once, so the next sample tells. Of an audio the sample nearest
    /// to a full second.
    ///
    /// `nextShown` is when the sample after it is shown; nil at the end.
    mutating func isBoundary(_ time: SampleTime, isKey: Bool, nextShown: Int64?) -> Bool {
        guard isVideo else {
            // Of two equally near it is the later one.
            let second = (time.pts * 2 + time.duration - 1) / (timescale * 2)
            defer { lastSecond = max(lastSecond, second) }
            return second > lastSecond
        }
        defer { latestShown = max(latestShown, time.pts) }
        return isKey && latestShown < time.pts && (nextShown.map { $0 > time.pts } ?? true)
    }
}
