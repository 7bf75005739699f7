/// Why a country database cannot be used.
package enum GeoDatabaseError: Error, Hashable, Sendable {
    case cannotRead(errorNumber: Int32)
    case tooLarge(sizeBytes: Int)
    /// No metadata in it: no database of this format, or one that is cut short.
    case noMetadata
    /// The metadata lacks a key, or has a value there that this reader does not know.
    case unsupported(key: String)
    /// The tree does not fit the file, or leads out of it.
    case badTree
    /// A value in the data, or in the metadata, is cut short, or is not what it must be.
    case badValue(offsetBytes: Int)
    /// Opening it took more than `AccessLimits.databaseValues`.
    case tooManyValues
}
