import Packaging
import Segmenting

/// The segment lines of a window's media playlist: each rendered once, dropped from the front as
/// the window slides.
///
/// The first segment's own lines are not used: as the first of its playlist it has others.
struct RewindText: Sendable {
    private var writer: TextWriter
    /// Bytes of each segment's lines.
    private var lengths: [UInt32] = []
    /// Segments and bytes in front that were dropped.
    private var droppedCount = 0
    private var droppedBytes = 0
    private var last: LiveSegment?

    init(capacityBytes: Int = 4096) {
        writer = TextWriter(capacity: capacityBytes)
    }

    var count: Int { lengths.count - droppedCount }
    var memoryBytes: Int { writer.bytes.capacity + lengths.capacity * 4 }

    mutating func append(_ segment: LiveSegment, _ rendering: RewindRendering) {
        let before = writer.bytes.count
        rendering.segmentLines(segment, last, &writer)
        lengths.append(UInt32(writer.bytes.count - before))
        last = segment
    }

    mutating func dropFirst(_ dropped: Int) {
        for index in droppedCount..<droppedCount + dropped {
            droppedBytes += Int(lengths[index])
        }
        droppedCount += dropped
        // Moved together when half is waste: then each byte is moved once, in the mean.
        guard droppedBytes * 2 > writer.bytes.count else { return }
        var rest = TextWriter(capacity: writer.bytes.count - droppedBytes + 4096)
        rest.append(Array(writer.bytes[droppedBytes...]))
        writer = rest
        lengths.removeFirst(droppedCount)
        (droppedBytes, droppedCount) = (0, 0)
    }

    /// The lines behind the first segment's.
    var linesBehindFirst: ArraySlice<UInt8> {
        guard count > 0 else { return [] }
        return writer.bytes[(droppedBytes + Int(lengths[droppedCount]))...]
    }
}
