/// Gathers seconds into a run.
struct Recorder {
    private let watched: [WatchedProcess]
    private let first: [String: WatchedProcess.Reading]
    private var last: [String: WatchedProcess.Reading]
    private var lastSeconds = 0.0
    private var all = LoopTally()
    private var samples: [Sample] = []

    init(watched: [WatchedProcess]) {
        self.watched = watched
        var readings: [String: WatchedProcess.Reading] = [:]
        for process in watched { readings[process.name] = process.read() }
        first = readings
        last = readings
    }

    mutating func add(_ tally: LoopTally) {
        all.add(tally)
    }

    mutating func sample(_ second: LoopTally, viewers: Int, at seconds: Double) -> Sample {
        all.add(second)
        let passed = max(seconds - lastSeconds, 0.001)
        lastSeconds = seconds
        var processes: [String: Sample.Process] = [:]
        for process in watched {
            guard let reading = process.read() else { continue }
            let cpu = reading.cpuSeconds - (last[process.name]?.cpuSeconds ?? reading.cpuSeconds)
            processes[process.name] = Sample.Process(
                cpuPercent: max(cpu, 0) / passed * 100,
                residentMegabytes: Double(reading.residentBytes) / 1e6
            )
            last[process.name] = reading
        }
        var sample = Sample(seconds: seconds, viewers: viewers)
        sample.requestsPerSecond = Double(second.requests) / passed
        sample.bitsPerSecond = Double(second.bytes) * 8 / passed
        sample.p50 = second.headline.milliseconds(50)
        sample.p90 = second.headline.milliseconds(90)
        sample.p99 = second.headline.milliseconds(99)
        sample.maximum = second.headline.milliseconds(100)
        sample.errors = second.faultCount
        sample.rebuffers = second.rebuffers
        sample.processes = processes
        samples.append(sample)
        return sample
    }

    func result(options: CrowdOptions, resources: Int) -> CrowdResult {
        var processes: [ProcessSummary] = []
        for process in watched {
            guard let start = first[process.name], let end = last[process.name] else { continue }
            let resident = samples.compactMap { $0.processes[process.name]?.residentMegabytes }
            processes.append(
                ProcessSummary(
                    name: process.name,
                    cpuSeconds: max(end.cpuSeconds - start.cpuSeconds, 0),
                    cpuPercent: max(end.cpuSeconds - start.cpuSeconds, 0)
                        / max(lastSeconds, 0.001) * 100,
                    firstMegabytes: Double(start.residentBytes) / 1e6,
                    lastMegabytes: Double(end.residentBytes) / 1e6,
                    highestMegabytes: resident.max() ?? 0,
                    growthMegabytes: ProcessSummary.growth(resident)
                )
            )
        }
        return CrowdResult(
            options: options,
            seconds: lastSeconds,
            resources: resources,
            tally: all,
            samples: samples,
            processes: processes
        )
    }
}
