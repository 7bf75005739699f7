import Foundation
import Synchronization

/// The parent's side of probing and importing: a child process does the work, this watches it.
package enum ImportJob {
    /// Starts this very program again with the hidden subcommand.
    package static let ownExecutable = ["/proc/self/exe", "import-child"]

    /// Brings a media file into a library folder as the video `id`.
    ///
    /// Runs on a thread of its own; cancelling the task kills the child and removes what it wrote.
    ///
    /// - Parameters:
    ///   - source: path of the file.
    ///   - library: path of the library folder; it must exist.
    ///   - id: nil makes one from the file's name.
    ///   - executable: program and arguments that lead to `ImportChild.main`; the task's own
    ///     arguments are added.
    ///   - limits: how long the child may be silent.
    ///   - progress: called on the job's thread, some ten times a second.
    /// - Returns: what was brought in.
    /// - Throws: `TranscodingError`; nothing is left in the library then.
    package static func run(
        source: String,
        library: String,
        id: String? = nil,
        executable: [String] = ownExecutable,
        limits: ImportLimits = ImportLimits(),
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws(TranscodingError) -> ImportResult {
        try await onThread { (cancelled) throws(TranscodingError) in
            let id = id ?? VideoIdentifier.suggested(forPath: source)
            try VideoIdentifier.check(id)
            let folder = try ImportFolder(library: library, id: id)
            let command = executable + [ImportChild.Task.remux.rawValue, source, folder.path]
            let conversation = try converse(
                command,
                limits: limits,
                isCancelled: cancelled,
                progress: progress
            )
            try folder.publish(id: id)
            return ImportResult(
                id: id,
                files: conversation.files,
                description: conversation.description,
                warnings: conversation.warnings
            )
        }
    }

    /// Says what a media file holds.
    ///
    /// - Throws: `TranscodingError`.
    package static func probe(
        source: String,
        executable: [String] = ownExecutable,
        limits: ImportLimits = ImportLimits()
    ) async throws(TranscodingError) -> MediaDescription {
        try await onThread { (cancelled) throws(TranscodingError) in
            let command = executable + [ImportChild.Task.probe.rawValue, source]
            return try converse(command, limits: limits, isCancelled: cancelled) { _ in }
                .description
        }
    }

    private struct Outcome {
        var description: MediaDescription
        var files: [String]
        var warnings: [String]
    }

    /// Runs the child to its end; whatever goes wrong, no child is left when this returns.
    private static func converse(
        _ command: [String],
        limits: ImportLimits,
        isCancelled: () -> Bool,
        progress: (ImportProgress) -> Void
    ) throws(TranscodingError) -> Outcome {
        let child = try ChildProcess(command)
        var conversation = ImportConversation()
        var lastWord = ContinuousClock.now
        while true {
            guard !isCancelled() else { throw .cancelled }
            let bytes = child.read(milliseconds: pollMilliseconds)
            guard let bytes else {
                // Its pipe can stay open in a process that was started at the same moment.
                if child.hasEnded { break }
                guard ContinuousClock.now - lastWord <= limits.stall else {
                    throw .stalled(seconds: Int(limits.stall.components.seconds))
                }
                continue
            }
            if bytes.isEmpty { break }
            lastWord = ContinuousClock.now
            let bytesRead = try conversation.receive(bytes)
            if let bytesRead, let size = conversation.description?.sizeBytes {
                progress(ImportProgress(bytesRead: bytesRead, sizeBytes: size))
            }
        }
        let (description, files) = try conversation.conclude(child.wait())
        progress(
            ImportProgress(bytesRead: description.sizeBytes, sizeBytes: description.sizeBytes)
        )
        return Outcome(
            description: description,
            files: files,
            warnings: conversation.warnings
        )
    }

    /// How soon a cancellation is seen.
    private static let pollMilliseconds: CInt = 100

    private final class Cancellation: Sendable {
        let flag = Atomic(false)
    }

    /// Runs blocking work on a thread of its own, off the cooperative pool.
    private static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable (() -> Bool) throws(TranscodingError) -> Value
    ) async throws(TranscodingError) -> Value {
        let cancellation = Cancellation()
        let result: Result<Value, TranscodingError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let result = Result { () throws(TranscodingError) in
                        try work { cancellation.flag.load(ordering: .relaxed) }
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            cancellation.flag.store(true, ordering: .relaxed)
        }
        return try result.get()
    }
}
