/// What bytes make up an answer: a header from memory, then byte ranges of files.
///
/// Packaging decides what bytes, and never moves them: the shell that serves a plan reads or sends
/// the ranges. Encryption will come as another transform.
package struct Plan: Sendable {
    /// Bytes that packaging makes: `styp`, `sidx`, `moof`, the `mdat` header, or a whole `moov`.
    package let header: [UInt8]
    /// What follows, in order; neighbours that touch are one range.
    package let ranges: [FileRange]
    /// Set where the body is not header and ranges as they stand but made from them.
    package let transform: (any PlanTransform)?
    /// Size of the whole answer, known before a byte is read.
    package let sizeBytes: UInt64

    package init(header: [UInt8], ranges: [FileRange]) {
        self.header = header
        self.ranges = ranges
        self.transform = nil
        self.sizeBytes = ranges.reduce(UInt64(header.count)) { $0 + $1.sizeBytes }
    }

    package init(ranges: [FileRange], transform: any PlanTransform) {
        self.header = []
        self.ranges = ranges
        self.transform = transform
        self.sizeBytes = UInt64(transform.outputSizeBytes)
    }
}

/// Bytes of one of an asset's files.
package struct FileRange: Hashable, Sendable {
    /// 0-based, into `AssetIndex.files`.
    package var fileIndex: Int
    package var offsetBytes: UInt64
    package var sizeBytes: UInt64

    package init(fileIndex: Int, offsetBytes: UInt64, sizeBytes: UInt64) {
        self.fileIndex = fileIndex
        self.offsetBytes = offsetBytes
        self.sizeBytes = sizeBytes
    }
}

/// Makes a segment from its source bytes: an MPEG-TS multiplex now, encryption later.
package protocol PlanTransform: Sendable {
    /// Bytes that the plan's ranges hold together.
    var inputSizeBytes: Int { get }
    /// Bytes that come out, exactly.
    var outputSizeBytes: Int { get }

    /// Writes exactly `outputSizeBytes` from exactly `inputSizeBytes`.
    ///
    /// - Throws: `PackagingError.damagedSamples` when the bytes are not what the index says, as
    ///   with NAL units longer than their sample.
    func apply(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) throws
}
