package import NIOCore

/// The bytes of an answer.
package enum MediaBody: Sendable {
    case empty
    /// Bytes in memory, sent as they are and shared by all requests that answer with them.
    case bytes(ByteBuffer)
    /// A text that is sent with gzip to those who accept it.
    case text(CompressibleText)
    /// Bytes made from a header and ranges of files.
    case stored(StoredBody)
    /// Bytes in memory that the kernel sends by itself.
    case region(MemoryRegion)
    /// Bytes in memory of which some may come later; the size where it is known before the end.
    case source(any BodySource, sizeBytes: UInt64?)
}
