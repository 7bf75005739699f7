/// What can be wrong with a file; the cases carry facts, `description` says them to a person.
package enum ISOBMFFError: Error, Hashable, Sendable {
    /// A box ends before what it says it holds. `offsetBytes` is the box's place in the file.
    case truncated(box: FourCC, offsetBytes: UInt64)
    /// A field of a box has a value that cannot be.
    case invalid(box: FourCC, field: String, value: Int64)
    /// Something that the file must have is not there: `moov`, a sample table, a configuration.
    case missing(box: FourCC)
    /// The file asks for something that this reader refuses by name.
    case unsupported(feature: Unsupported)
    /// A table says more entries than the bytes that remain can hold, or than the named limit.
    case tooMany(box: FourCC, count: UInt64, limit: UInt64)
    /// A box that is read whole is larger than the named limit.
    case tooLarge(box: FourCC, sizeBytes: UInt64, limitBytes: UInt64)
    /// The file itself is larger than the named limit.
    case fileTooLarge(sizeBytes: UInt64, limitBytes: UInt64)
    /// A fragment starts before the last sample of the fragment before it, in the track's timescale.
    case decodeTimeGoesBack(trackId: UInt32, expected: Int64, found: Int64)
    /// A sample or box lies outside the file.
    case outOfFile(offsetBytes: UInt64, sizeBytes: UInt64)
    /// The file has no box structure at all.
    case notISOBMFF

    /// Features that are refused by name.
    package enum Unsupported: Hashable, Sendable {
        case severalEdits
        case editRate
        case compressedMovie
        case externalData
        case encrypted(FourCC)
    }
}

extension ISOBMFFError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(let box, let offset):
            "the \(box) box at byte \(offset) is cut short"
        case .invalid(let box, let field, let value):
            "the \(box) box has \(field) \(value), which cannot be"
        case .missing(let box):
            "there is no \(box) box"
        case .unsupported(.severalEdits):
            "an edit list with more than one non-empty edit is not supported"
        case .unsupported(.editRate):
            "an edit list that changes the playback rate is not supported"
        case .unsupported(.compressedMovie):
            "a compressed moov box is not supported"
        case .unsupported(.externalData):
            "samples that lie in another file are not supported"
        case .unsupported(.encrypted(let format)):
            "encrypted samples (\(format)) are not supported"
        case .tooMany(let box, let count, let limit):
            "the \(box) box says \(count) entries where at most \(limit) can be"
        case .tooLarge(let box, let size, let limit):
            "the \(box) box has \(size) bytes where at most \(limit) can be"
        case .fileTooLarge(let size, let limit):
            "the file has \(size) bytes where at most \(limit) can be"
        case .decodeTimeGoesBack(let track, let expected, let found):
            "a fragment of track \(track) starts at \(found), after samples up to \(expected)"
        case .outOfFile(let offset, let size):
            "\(size) bytes at byte \(offset) lie outside the file"
        case .notISOBMFF:
            "this is not an MP4 file"
        }
    }
}
