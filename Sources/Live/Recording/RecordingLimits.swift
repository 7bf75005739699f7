/// Bounds of recordings and rewind windows, all in one place.
enum RecordingLimits {
    /// In front of a file, for `ftyp` and the `moov` of all its formats.
    static let headerBytes = 16 << 10
    /// The same where one init segment alone nearly fills that.
    static let largestHeaderBytes = 1 << 20
    /// Sample entries of one file: as many as a reader takes. `ISOBMFFLimits.sampleEntries`
    static let formats = 255
    /// Bytes of parts that wait for the disk, of one stream; beyond, parts are lost.
    static let queuedBytes = 8 << 20
    /// What waits beside parts is tiny; so much of it means that the disk stands still.
    static let queuedActions = 20_000
    /// Bytes of one record of a journal; an init segment is the largest.
    static let recordBytes = 1 << 20
    /// Records that wait while the journal cannot be written; then the recording loses its newest.
    static let unwrittenJournalBytes = 1 << 20
    /// Bytes of a journal that are read at a restart: a week of parts.
    static let journalBytes = 512 << 20
    /// Newest complete segments of a track whose parts can be had one by one: longer than
    /// playlists name them. RFC 8216bis §6.2.2
    static let segmentsWithParts = 24
    /// How long what has left the playlist of a window can still be had.
    static let removalMicroseconds: Int64 = 60_000_000
    /// Space is given back in pieces of this size.
    static let punchBytes: UInt64 = 4 << 20
    /// Publishes whose media are in one window.
    static let publishes = 1000
    /// Init segments of one track and publish that are kept in memory.
    static let initializations = 256
    /// Text of a window's playlist that nobody asked for goes after so many segments.
    static let idleSegments = 30
    /// Written by all streams between two looks at the quota.
    static let quotaStepBytes = 64 << 20
    /// Lines of so many segments are written on an event loop, half a millisecond's worth; more are
    /// a thread's work.
    static let segmentsWrittenAtOnce = 256
    /// Recordings of one second of one stream.
    static let sameNames = 100
    /// Bytes of a recording's summary.
    static let summaryBytes = 64 << 10
}
