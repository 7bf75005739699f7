/// What a run showed.
package struct CrowdResult: Sendable {
    package var options: CrowdOptions
    package var seconds: Double
    /// Different addresses whose bytes were compared.
    package var resources: Int
    package var tally: LoopTally
    package var samples: [Sample]
    package var processes: [ProcessSummary]
    /// What the stand-in says of its requests during the run, where it was asked.
    package var upstream: UpstreamCounts?

    package init(
        options: CrowdOptions,
        seconds: Double,
        resources: Int,
        tally: LoopTally,
        samples: [Sample],
        processes: [ProcessSummary]
    ) {
        self.options = options
        self.seconds = seconds
        self.resources = resources
        self.tally = tally
        self.samples = samples
        self.processes = processes
    }

    /// Stalled time as a share of stalled and played time.
    package var rebufferRatio: Double {
        let played = tally.playedSeconds / options.players.speed
        let whole = played + tally.rebufferSeconds
        return whole > 0 ? tally.rebufferSeconds / whole : 0
    }

    /// Bits per second that viewers saw, averaged over media time.
    package var meanBitrate: Double {
        tally.fetchedSeconds > 0 ? tally.weightedBits / tally.fetchedSeconds : 0
    }
}

/// A watched process over a run.
package struct ProcessSummary: Codable, Sendable {
    package var name: String
    package var cpuSeconds: Double
    package var cpuPercent: Double
    package var firstMegabytes: Double
    package var lastMegabytes: Double
    package var highestMegabytes: Double
    /// From the second fifth of the run to the last: growth that is not warming up.
    package var growthMegabytes: Double

    /// Medians of the second and the last fifth, so that one peak is no growth.
    static func growth(_ resident: [Double]) -> Double {
        let fifth = resident.count / 5
        guard fifth > 0 else { return 0 }
        let early = resident[fifth..<2 * fifth].sorted()
        let late = resident.suffix(fifth).sorted()
        return late[fifth / 2] - early[fifth / 2]
    }
}

/// Requests that reached the stand-in origin.
package struct UpstreamCounts: Codable, Sendable, Equatable {
    package var requests: Int
    /// Different addresses among them.
    package var distinct: Int
    /// Of the address that was asked for most.
    package var most: Int
    package var mostAddress: String

    package init(requests: Int, distinct: Int, most: Int, mostAddress: String) {
        self.requests = requests
        self.distinct = distinct
        self.most = most
        self.mostAddress = mostAddress
    }
}
