import Foundation
import Glibc

/// The importing process: started by `ImportJob`, it reads one file and writes into one folder.
///
/// Whatever a hostile file does to libav, it does it here: the parent survives and cleans up.
package enum ImportChild {
    /// What the parent asks for, as the first argument.
    enum Task: String {
        /// `probe PATH`
        case probe
        /// `import PATH FOLDER`
        case remux = "import"
    }

    /// Does what the arguments say and reports on standard output.
    ///
    /// - Parameter arguments: those after the hidden subcommand, as `ImportJob` makes them.
    /// - Returns: the exit code of the process.
    package static func main(arguments: [String]) -> Int32 {
        guard arguments.count >= 2, let task = Task(rawValue: arguments[0]),
            task == .probe || arguments.count == 3
        else {
            return EX_USAGE
        }
        do throws(TranscodingError) {
            let files = try run(task, path: arguments[1], folder: arguments.last ?? "")
            say(.finished(files: files))
            return EXIT_SUCCESS
        } catch {
            say(.failed(error))
            return EXIT_FAILURE
        }
    }

    private static func run(
        _ task: Task,
        path: String,
        folder: String
    ) throws(TranscodingError) -> [String] {
        var status = stat()
        let sourceBytes = unsafe stat(path, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
        ChildLimits.apply(sourceBytes: sourceBytes)
        LibAV.prepare()
        let demuxer = try Demuxer(path: path, watchdog: Watchdog(limit: ImportLimits().childStall))
        say(.described(demuxer.description))
        guard task == .remux else { return [] }

        let selection = try TrackSelection(demuxer.description)
        for warning in selection.warnings { say(.warning(warning)) }
        var remuxer = try Remuxer(demuxer, selection: selection, folder: folder)
        var lastReport = ContinuousClock.now
        try remuxer.run { bytesRead in
            let now = ContinuousClock.now
            guard now - lastReport >= reportInterval else { return }
            lastReport = now
            say(.progress(bytesRead: bytesRead))
        }
        return selection.files
    }

    private static let reportInterval = Duration.milliseconds(100)

    /// Writes a line; a parent that is gone ends this process by SIGPIPE.
    private static func say(_ message: ImportMessage) {
        try? FileHandle.standardOutput.write(contentsOf: message.line)
    }
}
