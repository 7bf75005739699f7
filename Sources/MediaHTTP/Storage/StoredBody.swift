/// A body of header bytes and ranges of files, or one made from them; no byte of it is read yet.
package struct StoredBody: Sendable {
    package let header: [UInt8]
    package let ranges: [StoredRange]
    /// Where set, header and ranges together are its input, and its output is the body.
    package let transform: (any BodyTransform)?
    /// Size of the whole body.
    package let sizeBytes: UInt64

    /// - Precondition: `sizeBytes` is what header and ranges, or the transform's output, add up to.
    package init(
        header: [UInt8],
        ranges: [StoredRange],
        transform: (any BodyTransform)? = nil,
        sizeBytes: UInt64
    ) {
        let input = ranges.reduce(UInt64(header.count)) { $0 + $1.sizeBytes }
        if let transform {
            precondition(UInt64(transform.inputSizeBytes) == input)
            precondition(UInt64(transform.outputSizeBytes) == sizeBytes)
        } else {
            precondition(input == sizeBytes)
        }
        self.header = header
        self.ranges = ranges
        self.transform = transform
        self.sizeBytes = sizeBytes
    }
}

/// Bytes of a file.
package struct StoredRange: Sendable {
    package let file: StoredFile
    package let offsetBytes: UInt64
    package let sizeBytes: UInt64

    package init(file: StoredFile, offsetBytes: UInt64, sizeBytes: UInt64) {
        self.file = file
        self.offsetBytes = offsetBytes
        self.sizeBytes = sizeBytes
    }
}

/// Makes a body from source bytes, such as an MPEG-TS segment; encryption later.
package protocol BodyTransform: Sendable {
    var inputSizeBytes: Int { get }
    var outputSizeBytes: Int { get }

    /// Writes exactly `outputSizeBytes` from exactly `inputSizeBytes`.
    ///
    /// Called on an event loop when the input is in the page cache, so it must be quick for its size.
    func apply(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) throws
}
