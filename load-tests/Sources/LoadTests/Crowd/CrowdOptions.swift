/// What kind of crowd comes.
package enum Scenario: String, Sendable, CaseIterable {
    /// Viewers of a whole library, by popularity.
    case vodCrowd = "vod-crowd"
    /// Everybody follows one live stream.
    case liveCrowd = "live-crowd"
    /// Everybody opens the same new video at once.
    case flashCrowd = "flash-crowd"
    /// People look through the catalog.
    case apiBrowse = "api-browse"
    /// All of them for a long time.
    case soak
}

/// A crowd, as it is ordered.
package struct CrowdOptions: Sendable {
    package var scenario: Scenario
    package var target: LoopbackTarget
    /// Where the right bytes are, to compare with.
    package var reference: LoopbackTarget?
    package var viewers = 100
    package var rampSeconds = 5.0
    package var durationSeconds = 30.0
    package var seed: UInt64 = 1
    package var threads = 1
    package var videos: [String] = []
    package var zipfExponent = 0.8
    package var liveStream = "standin"
    package var players = PlayerSettings()
    /// Seconds after which a request that is not held has failed; a held one has three times that.
    package var requestSeconds = 30.0
    /// Path segments such as access tokens that viewers put before their addresses, in turn.
    package var prefixes: [String] = []
    package var sources = 0
    package var checksCertificate = true

    package init(scenario: Scenario, target: LoopbackTarget) {
        self.scenario = scenario
        self.target = target
    }
}

/// An order that is not carried out.
package enum CrowdError: Error, Equatable, CustomStringConvertible {
    case outOfRange(option: String, allowed: String)
    case noVideos
    case catalogFailed(String)

    package var description: String {
        switch self {
        case .outOfRange(let option, let allowed): "\(option) must be \(allowed)"
        case .noVideos: "no videos: name some with --videos, or a catalog with --catalog"
        case .catalogFailed(let why): "the catalog cannot be read: \(why)"
        }
    }
}

extension CrowdOptions {
    /// - Throws: `CrowdError.outOfRange` or `.noVideos`.
    package func validate() throws(CrowdError) {
        func check(_ holds: Bool, _ option: String, _ allowed: String) throws(CrowdError) {
            if !holds { throw .outOfRange(option: option, allowed: allowed) }
        }
        try check((1...CrowdLimits.viewers).contains(viewers), "viewers", "1…50000")
        try check(
            durationSeconds > 0 && durationSeconds <= CrowdLimits.durationSeconds,
            "duration",
            "at most 24 h"
        )
        try check(rampSeconds >= 0 && rampSeconds <= durationSeconds, "ramp", "0…duration")
        try check((1...CrowdLimits.threads).contains(threads), "threads", "1…16")
        try check(players.speed > 0 && players.speed <= 100, "speed", "above 0, at most 100")
        try check((0...CrowdLimits.sources).contains(sources), "sources", "0…250")
        try check((0...1).contains(players.seekChance), "seek-chance", "0…1")
        try check(!players.lineBits.isEmpty, "lines", "at least one")
        if scenario != .liveCrowd, scenario != .apiBrowse, videos.isEmpty { throw .noVideos }
    }
}
