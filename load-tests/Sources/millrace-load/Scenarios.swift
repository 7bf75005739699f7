import ArgumentParser
import LoadTests

/// Which videos there are to watch.
struct VideoOptions: ParsableArguments {
    @Option(help: "Ids of videos, most popular first, with commas between.")
    var videos: String?

    @Option(help: "Server whose /api/v1/videos lists them. Default: the target.")
    var catalog: String?

    @Option(help: "How uneven popularity is: rank k is watched 1/k^THIS as often as the first.")
    var zipf = 0.8

    @Option(help: "Media seconds that a viewer stays on average; 0: to the end.")
    var session = 180.0

    @Option(help: "The chance of a seek after a segment.")
    var seekChance = 0.02

    @Option(help: "Media seconds that players keep ahead.")
    var buffer = 24.0

    @Option(help: "Lines of viewers, Mbit/s, with commas between.")
    var lines = "2,4,8,20,50"

    func apply(to options: inout CrowdOptions, target: String) async throws {
        options.zipfExponent = zipf
        options.players.meanSessionSeconds = session > 0 ? session : nil
        options.players.seekChance = seekChance
        options.players.targetBufferSeconds = buffer
        options.players.lineBits = try lines.split(separator: ",").map { text in
            guard let megabits = Double(text), megabits > 0 else {
                throw ValidationError("--lines: '\(text)' is no number above 0")
            }
            return megabits * 1e6
        }
        if let videos {
            options.videos = videos.split(separator: ",").map(String.init)
        } else {
            let client = SmallClient(try RunOptions.address(catalog ?? target))
            do {
                options.videos = try await client.videos()
            } catch {
                throw ValidationError(error.description)
            }
        }
    }
}

/// Viewers of a whole library.
struct VODCrowd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vod-crowd",
        abstract: "Viewers of a whole library, popular videos more often."
    )

    @OptionGroup var run: RunOptions
    @OptionGroup var videos: VideoOptions

    func run() async throws {
        var options = try run.crowd(.vodCrowd, rampSeconds: 10)
        try await videos.apply(to: &options, target: run.target)
        try await Run.crowd(options, run)
    }
}

/// Everybody follows one live stream.
struct LiveCrowd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live-crowd",
        abstract: "Everybody follows one live stream at its edge."
    )

    @OptionGroup var run: RunOptions

    @Option(help: "The live stream's id.")
    var stream = "standin"

    @Option(help: "Seconds that a viewer stays on average; 0: to the end.")
    var session = 0.0

    @Flag(help: "One connection a viewer, without hinted parts.")
    var singleConnection = false

    func run() async throws {
        var options = try run.crowd(.liveCrowd, rampSeconds: 10)
        options.liveStream = stream
        options.players.meanSessionSeconds = session > 0 ? session : nil
        options.players.isSingleConnection = singleConnection
        try await Run.crowd(options, run)
    }
}

/// Everybody opens the same new video.
struct FlashCrowd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flash-crowd",
        abstract: "Everybody opens the same new video within two seconds."
    )

    @OptionGroup var run: RunOptions
    @OptionGroup var videos: VideoOptions

    func run() async throws {
        var options = try run.crowd(.flashCrowd, rampSeconds: 2)
        try await videos.apply(to: &options, target: run.target)
        try await Run.crowd(options, run)
    }
}

/// People look through the catalog.
struct APIBrowse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api-browse",
        abstract: "People look through the catalog."
    )

    @OptionGroup var run: RunOptions

    @Option(help: "Time between a person's requests on average.")
    var think = Seconds(value: 2)

    func run() async throws {
        var options = try run.crowd(.apiBrowse, rampSeconds: 5)
        options.players.apiThinkSeconds = think.value
        try await Run.crowd(options, run)
    }
}

/// All of them for a long time.
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "A mix of all for a long time, with an eye on memory."
    )

    @OptionGroup var run: RunOptions
    @OptionGroup var videos: VideoOptions

    @Option(help: "The live stream's id; empty: none.")
    var stream = "standin"

    func run() async throws {
        var options = try run.crowd(.soak, rampSeconds: 20)
        options.liveStream = stream
        try await videos.apply(to: &options, target: run.target)
        try await Run.crowd(options, run)
    }
}
