import MediaHTTP
import NIOCore
import Synchronization

/// One track's media on disk: a fragmented MP4 file whose parts are those that viewers get.
///
/// Written by one thread at a time; read by anybody, also after it was moved or removed, as it is
/// open for as long as anything refers to it.
final class RecordedFile: Sendable {
    let headerBytes: Int
    private let stored: StoredFile
    /// Where parts had the number of their sample entry changed when the file became a whole one,
    /// ascending.
    ///
    /// Their init segments have one entry, so viewers get the number 1 there.
    private let patches = Mutex<[UInt64]>([])

    init(opening path: String, headerBytes: Int) throws(RecordingError) {
        self.headerBytes = headerBytes
        do {
            stored = try StoredFile(opening: path, isGrowing: true)
        } catch {
            guard case .openFailed(let number) = error else {
                throw .system(path: path, errorNumber: 0)
            }
            throw .system(path: path, errorNumber: number)
        }
    }

    /// To be told before the first of these places is written to.
    func note(patches offsets: [UInt64]) {
        patches.withLock { $0 = offsets }
    }

    /// What viewers get of a run of bytes: the same before and after the file was patched.
    func body(offsetBytes: UInt64, sizeBytes: UInt64) -> StoredBody {
        let end = offsetBytes + sizeBytes
        let inside = patches.withLock { patches -> [UInt64] in
            guard !patches.isEmpty else { return [] }
            let start = patches.partitioningIndex { $0 >= offsetBytes }
            return Array(patches[start...].prefix { $0 < end })
        }
        var ranges: [StoredRange] = []
        var position = offsetBytes
        for patch in inside {
            append(position..<patch, to: &ranges)
            // The end of the `free` box: see `RecordingHeader`.
            append(UInt64(headerBytes) - 4..<UInt64(headerBytes), to: &ranges)
            position = patch + 4
        }
        append(position..<end, to: &ranges)
        return StoredBody(header: [], ranges: ranges, sizeBytes: sizeBytes)
    }

    private func append(_ bytes: Range<UInt64>, to ranges: inout [StoredRange]) {
        ranges.append(
            StoredRange(
                file: stored,
                offsetBytes: bytes.lowerBound,
                sizeBytes: bytes.upperBound - bytes.lowerBound
            )
        )
    }

    /// Bytes for the threads that may block.
    func bytes(offsetBytes: UInt64, count: Int) throws(StoredBodyError) -> [UInt8] {
        try stored.bytes(offsetBytes: offsetBytes, count: count)
    }
}

extension Array {
    /// The first index for which a condition holds that holds for all behind it, or the count.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
