import ArgumentParser
import Dispatch
import Foundation
import LoadTests

/// Carries a scenario out and reports.
enum Run {
    static func crowd(_ options: CrowdOptions, _ run: RunOptions) async throws {
        Process.raiseFileLimit()
        let crowd: Crowd
        do {
            crowd = try Crowd(options, watching: try run.watched())
        } catch let error as CrowdError {
            throw ValidationError(error.description)
        }
        let upstream = try run.thresholds.counts.map { SmallClient(try RunOptions.address($0)) }
        try await upstream?.resetCounts()
        let isQuiet = run.quiet
        let task = Task {
            try await crowd.run { sample in
                if !isQuiet { Output.note(ProgressLine.text(sample)) }
            }
        }
        // Ctrl-C ends the crowd, not the report.
        signal(SIGINT, SIG_IGN)
        let interrupt = DispatchSource.makeSignalSource(signal: SIGINT)
        interrupt.setEventHandler { task.cancel() }
        interrupt.resume()
        var result = try await task.value
        interrupt.cancel()
        result.upstream = try await upstream?.counts(prefix: run.thresholds.countsPrefix)
        let report = Report(result, thresholds: run.thresholds.values)
        Output.write(FinalTable.text(report))
        if let path = run.report { try Output.save(try report.json(), to: path) }
        if let path = run.html {
            try Output.save(Data(HTMLReport.text(report).utf8), to: path)
        }
        guard report.broken.isEmpty else { throw ExitCode(1) }
    }
}
