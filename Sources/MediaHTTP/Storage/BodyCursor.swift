// Unsafe: fills buffers through `FileReading`.

import NIOCore

/// Walks through a stored body's header and ranges, and reads what it passes into a piece.
struct BodyCursor: Sendable {
    enum Outcome: Hashable, Sendable {
        case filled
        case notResident
        case failed(StoredBodyError)
    }

    private let body: StoredBody
    /// Bytes left to read.
    private(set) var remainingBytes: UInt64
    private var headerOffset: Int
    private var rangeIndex = 0
    /// Bytes of the current range already passed.
    private var rangeOffset: UInt64 = 0

    /// - Parameters:
    ///   - body: what is read.
    ///   - part: bytes of header and ranges laid end to end.
    init(_ body: StoredBody, part: Range<UInt64>) {
        self.body = body
        self.remainingBytes = part.upperBound - part.lowerBound
        self.headerOffset = Int(min(part.lowerBound, UInt64(body.header.count)))
        (rangeIndex, rangeOffset) = body.range(holding: part.lowerBound - UInt64(headerOffset))
    }

    /// Reads into the piece until it holds `sizeBytes` or the part ends; goes on where it stopped.
    mutating func fill(
        _ piece: Piece,
        upTo sizeBytes: Int,
        _ reading: FileReading,
        from source: FileReading.Source
    ) -> Outcome {
        var file: StoredFile?
        while piece.buffer.readableBytes < sizeBytes, remainingBytes > 0 {
            let room = min(UInt64(sizeBytes - piece.buffer.readableBytes), remainingBytes)
            if headerOffset < body.header.count {
                let count = min(body.header.count - headerOffset, Int(room))
                piece.buffer.writeBytes(body.header[headerOffset..<headerOffset + count])
                headerOffset += count
                remainingBytes -= UInt64(count)
                continue
            }
            let range = body.ranges[rangeIndex]
            if let file, file !== range.file, !file.isUnchanged { return .failed(.fileChanged) }
            file = range.file
            let wanted = Int(min(room, range.sizeBytes - rangeOffset))
            if wanted > 0 {
                let offset = range.offsetBytes + rangeOffset
                let outcome = unsafe Self.append(to: piece, wanted) { room in
                    unsafe reading.read(source, range.file, into: room, offsetBytes: offset)
                }
                switch outcome {
                case .bytes(0): return .failed(.fileShrank(offsetBytes: offset))
                case .bytes(let count):
                    rangeOffset += UInt64(count)
                    remainingBytes -= UInt64(count)
                case .notResident: return .notResident
                case .failed(let errorNumber):
                    return .failed(.readFailed(errorNumber: errorNumber))
                }
            }
            if rangeOffset == range.sizeBytes {
                rangeIndex += 1
                rangeOffset = 0
            }
        }
        // Asked after the bytes were taken, so that none of another state of the file are sent.
        if let file, !file.isUnchanged { return .failed(.fileChanged) }
        return .filled
    }

    /// The next bytes that lie together in one file, where the header is passed or short enough.
    mutating func nextRun(
        atMost sizeBytes: Int,
        behindHeaderAtMost headerBytes: Int
    ) -> StoredRange? {
        let header = body.header.count - headerOffset
        guard header <= headerBytes, remainingBytes > UInt64(header) else { return nil }
        skipPassedRanges()
        guard rangeIndex < body.ranges.count else { return nil }
        let range = body.ranges[rangeIndex]
        let size = min(
            range.sizeBytes - rangeOffset,
            remainingBytes - UInt64(header),
            UInt64(sizeBytes)
        )
        return StoredRange(
            file: range.file,
            offsetBytes: range.offsetBytes + rangeOffset,
            sizeBytes: size
        )
    }

    /// Passes what is left of the header, and the run behind it, as sent by other means.
    mutating func pass(_ run: StoredRange) -> ArraySlice<UInt8> {
        let header = body.header[headerOffset...]
        headerOffset = body.header.count
        remainingBytes -= UInt64(header.count) + run.sizeBytes
        rangeOffset += run.sizeBytes
        return header
    }

    /// Passes all that is left, as sent by other means.
    mutating func passAll() {
        remainingBytes = 0
    }

    /// Whether some of the next bytes of the current range are on the disk alone, as far as the
    /// system tells.
    mutating func isCold(within sizeBytes: Int) -> Bool {
        skipPassedRanges()
        guard rangeIndex < body.ranges.count else { return false }
        let range = body.ranges[rangeIndex]
        let residency = range.file.residency(
            offsetBytes: range.offsetBytes + rangeOffset,
            sizeBytes: min(UInt64(sizeBytes), range.sizeBytes - rangeOffset)
        )
        return residency == .absent
    }

    private mutating func skipPassedRanges() {
        while rangeIndex < body.ranges.count, rangeOffset == body.ranges[rangeIndex].sizeBytes {
            rangeIndex += 1
            rangeOffset = 0
        }
    }

    /// Asks the kernel to have the next bytes of the current range ready; blocks a little.
    func readAhead(_ sizeBytes: Int) {
        guard sizeBytes > 0, remainingBytes > 0, rangeIndex < body.ranges.count else { return }
        let range = body.ranges[rangeIndex]
        let count = min(UInt64(sizeBytes), range.sizeBytes - rangeOffset)
        range.file.willNeed(offsetBytes: range.offsetBytes + rangeOffset, sizeBytes: count)
    }

    private static func append(
        to piece: Piece,
        _ count: Int,
        _ read: (UnsafeMutableRawBufferPointer) -> FileReading.Outcome
    ) -> FileReading.Outcome {
        var outcome = FileReading.Outcome.bytes(0)
        unsafe piece.buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            outcome = unsafe read(UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
            guard case .bytes(let count) = outcome else { return 0 }
            return count
        }
        return outcome
    }
}
