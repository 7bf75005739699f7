/// How a stream's recording does, for `/status` and metrics.
package struct RecordingStatus: Hashable, Sendable {
    /// The id that the newest publish's video has or will have.
    package var id = ""
    package var isRecording = false
    /// Nothing of the newest publish was lost.
    package var isComplete = true
    /// What the disk said last, empty while all is well.
    package var problem = ""
    /// Parts of the newest publish that are not on the disk.
    package var lostParts = 0
    package var writtenBytes: UInt64 = 0
    /// Parts on their way to the disk.
    package var queuedBytes = 0
    package var windowMemoryBytes = 0

    package init() {}
}
