import ArgumentParser
import LoadTests

/// What all crowds have in common.
struct RunOptions: ParsableArguments {
    @Option(help: "The server under test; loopback only.")
    var target = "http://127.0.0.1:8000"

    @Flag(help: "Take any certificate over https.")
    var insecure = false

    @Option(help: "Compare each address's bytes with those of this server, once.")
    var reference: String?

    @Option(help: "Players at a time.")
    var viewers = 100

    @Option(help: "Time over which they come.")
    var ramp: Seconds?

    @Option(help: "Time from the first player's start to the end.")
    var duration = Seconds(value: 30)

    @Option(help: "Decides what every player does.")
    var seed: UInt64 = 1

    @Option(help: "Event loops of the crowd.")
    var threads = 1

    @Option(help: "Media seconds in a second of the clock.")
    var speed = 1.0

    @Option(help: "What players tell of themselves: none, query or header (CTA-5004).")
    var cmcd = "none"

    @Option(help: "Spread connections over this many addresses 127.0.1.1, ….")
    var sources = 0

    @Option(help: "File of path segments (such as tokens) before addresses, one a line, in turn.")
    var prefixes: String?

    @Option(help: "Time for a request that the server does not hold on purpose.")
    var timeout = Seconds(value: 30)

    @Option(help: "A process to watch, NAME=PID; may be repeated.")
    var pid: [String] = []

    @Option(help: "Write the report as JSON.")
    var report: String?

    @Option(help: "Write the report as a page.")
    var html: String?

    @Flag(help: "No line a second.")
    var quiet = false

    @OptionGroup(title: "Thresholds (exit status 1 where one is broken)")
    var thresholds: ThresholdOptions

    func crowd(_ scenario: Scenario, rampSeconds: Double) throws -> CrowdOptions {
        var options = CrowdOptions(scenario: scenario, target: try Self.address(target))
        options.reference = try reference.map(Self.address)
        options.viewers = viewers
        options.rampSeconds = min(ramp?.value ?? rampSeconds, duration.value)
        options.durationSeconds = duration.value
        options.seed = seed
        options.threads = threads
        options.sources = sources
        options.requestSeconds = timeout.value
        options.checksCertificate = !insecure
        options.players.speed = speed
        guard let mode = CMCDMode(rawValue: cmcd) else {
            throw ValidationError("--cmcd is none, query or header")
        }
        options.players.cmcd = mode
        if let prefixes { options.prefixes = try Output.lines(of: prefixes) }
        return options
    }

    static func address(_ text: String) throws -> LoopbackTarget {
        do {
            return try LoopbackTarget(text)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func watched() throws -> [WatchedProcess] {
        try pid.map { argument in
            guard let process = WatchedProcess(argument: argument), process.read() != nil else {
                throw ValidationError("--pid \(argument): no such process, or not NAME=PID")
            }
            return process
        }
    }
}

/// What a run must not exceed.
struct ThresholdOptions: ParsableArguments {
    @Option(help: "To the first byte of what is not held, milliseconds.")
    var maxP99Ms: Double?

    @Option(help: "Faults of any kind; wrong bytes are never allowed.")
    var maxErrors: UInt64 = 0

    @Option(help: "Stalled time as a share of all, 0…1.")
    var maxRebufferRatio: Double?

    @Option(help: "99th percentile from start to first picture, milliseconds.")
    var maxStartupP99Ms: Double?

    @Option(help: "Longest delay of a live part behind the first viewer to have it, milliseconds.")
    var maxPartLagMs: Double?

    @Option(help: "Stand-in origin whose /counts are read before and after.")
    var counts: String?

    @Option(help: "Count only addresses that begin with this.")
    var countsPrefix = "/"

    @Option(help: "Requests that reach the stand-in.")
    var maxUpstreamRequests: Int?

    @Option(help: "Requests that reach the stand-in for one address.")
    var maxUpstreamPerResource: Int?

    @Option(help: "Memory of a watched process, NAME=MEGABYTES; may be repeated.")
    var maxRssMb: [NamedNumber] = []

    @Option(help: "Growth from the second fifth of the run to the last, NAME=MEGABYTES.")
    var maxRssGrowthMb: [NamedNumber] = []

    var values: Thresholds {
        var values = Thresholds()
        values.p99Milliseconds = maxP99Ms
        values.errors = maxErrors
        values.rebufferRatio = maxRebufferRatio
        values.startupP99Milliseconds = maxStartupP99Ms
        values.partLagMilliseconds = maxPartLagMs
        values.upstreamRequests = maxUpstreamRequests
        values.upstreamPerResource = maxUpstreamPerResource
        for limit in maxRssMb { values.residentMegabytes[limit.name] = limit.number }
        for limit in maxRssGrowthMb { values.growthMegabytes[limit.name] = limit.number }
        return values
    }
}
