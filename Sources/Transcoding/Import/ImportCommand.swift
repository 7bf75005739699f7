import Dispatch
import Foundation
import Glibc
import Synchronization

/// `origin import PATH [--id VIDEO_ID]` as one call: progress and outcome on standard error.
package enum ImportCommand {
    /// Imports and tells the person at the terminal about it; Ctrl-C and SIGTERM cancel cleanly.
    ///
    /// - Returns: the exit code: 0, 1 after an error, 130 after Ctrl-C.
    package static func run(
        path: String,
        library: String,
        id: String? = nil,
        executable: [String] = ImportJob.ownExecutable
    ) async -> Int32 {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let clock = ContinuousClock()
        let begin = clock.now
        let bar = Mutex(
            ProgressBar(
                label: "importing \(name)",
                isTerminal: isatty(STDERR_FILENO) == 1,
                now: .zero
            )
        )
        let job = Task {
            try await ImportJob.run(
                source: path,
                library: library,
                id: id,
                executable: executable
            ) { progress in
                let text = bar.withLock { $0.update(progress, now: clock.now - begin) }
                if let text { show(text) }
            }
        }
        let sources = [SIGINT, SIGTERM].map { cancel(job, on: $0) }
        defer { sources.forEach { $0.cancel() } }
        let result = await job.result
        show(bar.withLock { $0.end() })
        return report(result, name: name)
    }

    private static func report(_ result: Result<ImportResult, any Error>, name: String) -> Int32 {
        switch result {
        case .success(let imported):
            for warning in imported.warnings { show("warning: \(warning)\n") }
            show("imported \(name) as \(imported.id): \(imported.files.joined(separator: ", "))\n")
            return EXIT_SUCCESS
        case .failure(let error):
            show("cannot import \(name): \(error)\n")
            return error as? TranscodingError == .cancelled ? 128 + SIGINT : EXIT_FAILURE
        }
    }

    private static func cancel(
        _ job: Task<ImportResult, any Error>,
        on number: Int32
    ) -> any DispatchSourceSignal {
        // The source sees the signal only while its own action does not end the process.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { job.cancel() }
        source.resume()
        return source
    }

    private static func show(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
