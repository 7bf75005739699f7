package import NIOCore

/// Somebody who looks through the catalog: a page, a few of its videos, the next page.
package struct APIBrowser: Player {
    private let base: String
    private let thinkSeconds: Double
    private var random: SplitMix
    private var toOpen: [String] = []
    private var cursor: String?
    private var faultsInARow = 0
    private let leaveAfter: Int
    private var pages = 0
    private var isBusy = false
    private var nextAt: NIODeadline?
    package private(set) var quality = QualityFacts()
    package var playback: PlaybackBuffer? { nil }

    /// `base` is the path of the API, such as `/api/v1`.
    package init(base: String, settings: PlayerSettings, seed: UInt64) {
        self.base = base
        thinkSeconds = settings.apiThinkSeconds / settings.speed
        random = SplitMix(seed: seed)
        leaveAfter = Int.random(in: 3...12, using: &random)
    }

    package mutating func begin(_ now: NIODeadline, _ output: inout PlayerOutput) {
        ask(&output)
    }

    package mutating func woke(_ now: NIODeadline, _ output: inout PlayerOutput) {
        guard !isBusy, let nextAt, now >= nextAt else { return }
        ask(&output)
    }

    package mutating func received(
        _ reply: Reply,
        _ now: NIODeadline,
        _ output: inout PlayerOutput
    ) {
        isBusy = false
        if reply.fault != nil {
            faultsInARow += 1
            if faultsInARow >= CrowdLimits.faultsInARow {
                quality.hasFailed = true
                output.isFinished = true
                return
            }
        } else if let page = reply.page {
            faultsInARow = 0
            if reply.fetch.address.contains("?limit=") {
                pages += 1
                cursor = page.nextCursor
                toOpen = Array(page.ids.shuffled(using: &random).prefix(3))
            }
        }
        guard pages < leaveAfter || !toOpen.isEmpty else {
            output.isFinished = true
            return
        }
        let pause = random.exponential(mean: thinkSeconds)
        let at = now + .nanoseconds(Int64(min(pause, 60) * 1e9))
        nextAt = at
        output.wake(at)
    }

    private mutating func ask(_ output: inout PlayerOutput) {
        isBusy = true
        if let id = toOpen.popLast() {
            output.fetches.append(Fetch("\(base)/videos/\(id)", .api))
        } else {
            let position = cursor.map { "&cursor=\($0)" } ?? ""
            output.fetches.append(Fetch("\(base)/videos?limit=20\(position)", .api))
        }
    }
}
