/// What an operator chooses about recordings and the rewind window.
package struct RecordingConfiguration: Hashable, Sendable {
    /// When what was written is forced to the disk itself; a crash of the program loses nothing
    /// either way, one of the machine does.
    package enum Sync: Hashable, Sendable {
        /// Before a recording becomes a video. The kernel writes on its own all the while.
        case atEnd
        /// At the end of each segment too: a machine that loses power loses a segment.
        case everySegment
        /// Left to the kernel.
        case never
    }

    /// Whether a publish becomes a video when it ends.
    package var isOn: Bool
    /// Media time that can be gone back to; 0: no window.
    package var rewindMicroseconds: Int64
    /// Finished recordings older than this go; nil: kept.
    package var retentionMicroseconds: Int64?
    /// What all recordings made here may take together; the oldest finished ones go first.
    ///
    /// nil: no bound.
    package var quotaBytes: UInt64?
    /// Where streams have their folders, such as `{data}/live`.
    package var folder: String
    /// The library that finished recordings move to.
    package var libraryFolder: String
    package var sync: Sync
    /// Threads that write, for all streams.
    package var writerThreads: Int
    /// Of all the streams' segments; stands in the window's playlists.
    package var targetDurationSeconds: Int
    /// How long a stream without a publisher counts as going on: then its playlists end.
    package var graceMicroseconds: Int64

    package init(
        isOn: Bool = true,
        rewindMicroseconds: Int64 = 4 * 3600 * 1_000_000,
        retentionMicroseconds: Int64? = nil,
        quotaBytes: UInt64? = nil,
        folder: String,
        libraryFolder: String,
        sync: Sync = .atEnd,
        writerThreads: Int = 1,
        targetDurationSeconds: Int = 6,
        graceMicroseconds: Int64 = 30_000_000
    ) {
        self.isOn = isOn
        self.rewindMicroseconds = rewindMicroseconds
        self.retentionMicroseconds = retentionMicroseconds
        self.quotaBytes = quotaBytes
        self.folder = folder
        self.libraryFolder = libraryFolder
        self.sync = sync
        self.writerThreads = writerThreads
        self.targetDurationSeconds = targetDurationSeconds
        self.graceMicroseconds = graceMicroseconds
    }
}
