import Glibc

/// What the parent makes of the child's output: a pure machine, bytes and times in, result out.
package struct ImportConversation {
    package private(set) var description: MediaDescription?
    package private(set) var warnings: [String] = []
    private var files: [String]?
    private var failure: TranscodingError?
    private var line: [UInt8] = []

    package init() {}

    /// Takes bytes of the child's output.
    ///
    /// - Returns: the bytes of the source that the child has read, where it says so.
    /// - Throws: `childFailed` for what no child says.
    package mutating func receive(_ bytes: [UInt8]) throws(TranscodingError) -> UInt64? {
        var bytesRead: UInt64?
        line += bytes
        while let end = line.firstIndex(of: UInt8(ascii: "\n")) {
            guard let message = ImportMessage(line: line[..<end]) else {
                throw .childFailed(exitCode: 0)
            }
            line.removeSubrange(...end)
            if case .progress(let bytes) = message { bytesRead = bytes }
            take(message)
        }
        guard line.count <= ImportLimits.messageBytes else { throw .childFailed(exitCode: 0) }
        return bytesRead
    }

    private mutating func take(_ message: ImportMessage) {
        switch message {
        case .described(let media): description = media
        case .progress: break
        case .warning(let text):
            if warnings.count < ImportLimits.warnings { warnings.append(text) }
        case .finished(let names): files = names
        case .failed(let error): failure = error
        }
    }

    /// What it came to, once the child has ended.
    package func conclude(
        _ end: ChildProcess.End
    ) throws(TranscodingError) -> (MediaDescription, files: [String]) {
        if let failure { throw failure }
        switch end {
        case .signalled(SIGXCPU): throw .tookTooLong
        case .signalled(let signal): throw .crashed(signal: signal)
        case .exited(0): break
        case .exited(let code): throw .childFailed(exitCode: code)
        }
        guard let description, let files else { throw .childFailed(exitCode: 0) }
        return (description, files)
    }
}
