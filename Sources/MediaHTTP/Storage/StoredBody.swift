/// A body of header bytes and ranges of files, or one made from them; no byte of it is read yet.
package struct StoredBody: Sendable {
    package let header: [UInt8]
    package let ranges: [StoredRange]
    /// Where set, header and ranges together are its input, and its output is the body.
    package let transform: (any BodyTransform)?
    /// Size of the whole body.
    package let sizeBytes: UInt64
    /// Where each range starts behind the header, then where the last one ends; empty where they
    /// are few.
    private let rangeStarts: [UInt64]

    /// So few ranges are walked through; more are searched.
    private static let walkedRangeCount = 16

    /// - Precondition: `sizeBytes` is what header and ranges, or the transform's output, add up to.
    package init(
        header: [UInt8],
        ranges: [StoredRange],
        transform: (any BodyTransform)? = nil,
        sizeBytes: UInt64
    ) {
        let rangesSizeBytes: UInt64
        if ranges.count <= Self.walkedRangeCount {
            rangesSizeBytes = ranges.reduce(0) { $0 + $1.sizeBytes }
            self.rangeStarts = []
        } else {
            var starts: [UInt64] = []
            starts.reserveCapacity(ranges.count + 1)
            var end: UInt64 = 0
            for range in ranges {
                starts.append(end)
                end += range.sizeBytes
            }
            rangesSizeBytes = end
            self.rangeStarts = starts + [end]
        }
        let input = UInt64(header.count) + rangesSizeBytes
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

    /// Bytes of memory that header and ranges take.
    package var memoryBytes: Int {
        header.count + ranges.count * MemoryLayout<StoredRange>.stride
            + rangeStarts.count * MemoryLayout<UInt64>.stride
    }

    /// The range that holds a byte, and its place in it; the count of ranges behind the last byte.
    ///
    /// - Parameter offsetBytes: counted from the header's end, over all ranges.
    /// - Returns: 0-based place of the range, and how many of its bytes lie before.
    package func range(holding offsetBytes: UInt64) -> (index: Int, passedBytes: UInt64) {
        guard !rangeStarts.isEmpty else {
            var (index, passed) = (0, offsetBytes)
            while index < ranges.count, passed >= ranges[index].sizeBytes {
                passed -= ranges[index].sizeBytes
                index += 1
            }
            return (index, passed)
        }
        // The last start at or before the byte; empty ranges start where the next one does.
        var (low, high) = (0, rangeStarts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if rangeStarts[middle] <= offsetBytes { low = middle } else { high = middle - 1 }
        }
        return (low, offsetBytes - rangeStarts[low])
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
