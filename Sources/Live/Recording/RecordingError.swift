internal import Glibc

/// Why a recording cannot be written, or what is left of one cannot be used.
package enum RecordingError: Error, Hashable, Sendable {
    /// A call of the system failed; the name is a path in the data folder or the library.
    case system(path: String, errorNumber: Int32)
    /// An init segment without the boxes that it must have.
    case damagedInitialization(box: String)
    /// The headers of all formats do not fit in front of the file.
    case headerTooLarge(sizeBytes: Int, limitBytes: Int)
    /// What stands where a part should say its sample entry is something else.
    case damagedPart(path: String, offsetBytes: UInt64)
    /// A file that is no journal of ours.
    case damagedJournal(path: String)
}

extension RecordingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let path, let errorNumber):
            "\(path): \(unsafe String(cString: strerror(errorNumber)))"
        case .damagedInitialization(let box): "an init segment has no usable \(box)"
        case .headerTooLarge(let size, let limit): "headers of \(size) bytes; \(limit) fit"
        case .damagedPart(let path, let offset): "\(path): no sample entry number at \(offset)"
        case .damagedJournal(let path): "\(path): not a journal"
        }
    }

    /// No space, or what a quota of the system leaves.
    var isFull: Bool {
        guard case .system(_, let number) = self else { return false }
        return number == ENOSPC || number == EDQUOT || number == EFBIG
    }
}
