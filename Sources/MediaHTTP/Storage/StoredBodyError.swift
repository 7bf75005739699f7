/// Why a stored body could not be had.
package enum StoredBodyError: Error, Hashable, Sendable {
    case openFailed(errorNumber: Int32)
    case readFailed(errorNumber: Int32)
    /// A file ended before its range did: it was cut after its index was made.
    case fileShrank(offsetBytes: UInt64)
    /// A file was written to after it was opened.
    case fileChanged
    /// The transform did not take the bytes it was given.
    case transformFailed
    /// The memory for pieces, or the queue for it, is used up.
    case noMemory
    /// The queue for reads that block is full.
    case tooManyReads

    /// The one table from error to status, where the head is not sent yet.
    var status: Int {
        switch self {
        case .transformFailed: 502
        case .openFailed, .readFailed, .fileShrank, .fileChanged, .noMemory, .tooManyReads: 503
        }
    }

    var code: String {
        switch self {
        case .openFailed, .readFailed: "storage_failed"
        case .fileShrank, .fileChanged: "source_changed"
        case .transformFailed: "source_damaged"
        case .noMemory, .tooManyReads: "overloaded"
        }
    }

    var message: String {
        switch self {
        case .openFailed, .readFailed: "the media could not be read"
        case .fileShrank, .fileChanged: "the media changed while it was read"
        case .transformFailed: "the media is damaged"
        case .noMemory, .tooManyReads: "too much is being read; try again"
        }
    }
}
