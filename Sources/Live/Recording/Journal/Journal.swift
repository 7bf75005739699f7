/// The journal of one publish: append-only, small; on the writer's thread only.
///
/// Records are gathered while a batch of parts is written and go to the disk in one write behind
/// them, so that what the journal tells of is there. A write that fails is done again with the next
/// one, over what it may have left.
struct Journal: Sendable {
    private let file: WritableFile
    private var writer = JournalWriter()
    private var endBytes: UInt64

    /// Begins a journal.
    init(creating path: String, fault: RecordingFault?) throws(RecordingError) {
        file = try WritableFile(path, fault: fault)
        try file.write(JournalWriter.magic, at: 0)
        endBytes = UInt64(JournalWriter.magic.count)
        try file.truncate(to: endBytes)
    }

    /// Goes on behind what is good of a journal.
    init(
        continuing path: String,
        goodBytes: Int,
        fault: RecordingFault?
    ) throws(RecordingError) {
        file = try WritableFile(path, fault: fault)
        endBytes = UInt64(goodBytes)
        try file.truncate(to: endBytes)
    }

    mutating func append(_ record: JournalRecord) {
        writer.append(record)
    }

    /// Bytes that wait for a disk that takes them.
    var unwrittenBytes: Int { writer.bytes.count }

    mutating func flush() throws(RecordingError) {
        guard !writer.bytes.isEmpty else { return }
        try file.write(writer.bytes, at: endBytes)
        endBytes += UInt64(writer.bytes.count)
        writer = JournalWriter()
    }

    mutating func sync() throws(RecordingError) {
        try flush()
        try file.sync()
    }
}
