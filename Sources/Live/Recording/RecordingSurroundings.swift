import Logging

/// What all recordings of a process share.
struct RecordingSurroundings: Sendable {
    let configuration: RecordingConfiguration
    /// Whether the library is on another file system than the streams' folders.
    let isSplit: Bool
    let rendering: RewindRendering
    /// Microseconds since 1970.
    let now: @Sendable () -> Int64
    let fault: RecordingFault?
    let logger: Logger
}
