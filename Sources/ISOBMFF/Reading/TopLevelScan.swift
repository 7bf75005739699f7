/// Walks the boxes at the file's top level by their headers, so that `mdat` is never read.
///
/// Each read takes a window of one page: in a fragmented file that is the `moof` as a rule and
/// the header of its `mdat` with it, one read a fragment. For that reason `sidx` and `mfra` are
/// not used: they would only say where the `moof`s are that must be read all the same, and may
/// be wrong.
struct TopLevelScan<Source: ByteSource> {
    private let source: Source
    private let limits: ISOBMFFLimits
    private let fileSize: UInt64
    private var position: UInt64 = 0
    private var boxCount = 0
    private var window: [UInt8] = []
    private var windowOffset: UInt64 = 0

    private static var windowBytes: UInt64 { 4096 }

    /// A box at the top level; nothing but its header was read.
    struct Box {
        let header: BoxHeader
        let offsetBytes: UInt64
        let sizeBytes: UInt64
        /// Whether the file ends before the box does.
        let isCut: Bool
    }

    init(_ source: Source, limits: ISOBMFFLimits) {
        self.source = source
        self.limits = limits
        self.fileSize = source.sizeBytes
    }

    /// The next box, or nil at the end of the file or where too little is left for a header.
    mutating func next() throws -> Box? {
        guard
            position < fileSize,
            fileSize - position >= UInt64(BoxHeader.smallSizeBytes)
        else { return nil }
        let start = position
        try fillWindow(at: start)
        let index = Int(start - windowOffset)
        let header = try BoxHeader(bytes: window, at: index, end: window.count)
        guard let header else { return nil }
        boxCount += 1
        guard boxCount <= limits.topLevelBoxes else {
            let (count, limit) = (UInt64(boxCount), UInt64(limits.topLevelBoxes))
            throw ISOBMFFError.tooMany(box: header.type, count: count, limit: limit)
        }
        let remaining = fileSize - start
        let size = header.sizeBytes ?? remaining
        let isCut = size > remaining
        position = isCut ? fileSize : start + size
        return Box(header: header, offsetBytes: start, sizeBytes: size, isCut: isCut)
    }

    /// Reads a box whole.
    mutating func read(_ box: Box, limitBytes: UInt64) throws -> BoxReader {
        let type = box.header.type
        guard !box.isCut else {
            throw ISOBMFFError.truncated(box: type, offsetBytes: box.offsetBytes)
        }
        guard box.sizeBytes <= limitBytes else {
            throw ISOBMFFError.tooLarge(
                box: type,
                sizeBytes: box.sizeBytes,
                limitBytes: limitBytes
            )
        }
        let windowEnd = windowOffset + UInt64(window.count)
        if box.offsetBytes >= windowOffset, box.offsetBytes + box.sizeBytes <= windowEnd {
            let start = Int(box.offsetBytes - windowOffset)
            return BoxReader(
                header: box.header,
                offsetBytes: box.offsetBytes,
                start: start,
                end: start + Int(box.sizeBytes),
                bytes: window
            )
        }
        let bytes = try source.read(offsetBytes: box.offsetBytes, count: Int(box.sizeBytes))
        return BoxReader(
            header: box.header,
            offsetBytes: box.offsetBytes,
            start: 0,
            end: bytes.count,
            bytes: bytes
        )
    }

    /// Makes the window hold the largest header there can be at a place, or all up to the file's
    /// end.
    private mutating func fillWindow(at offset: UInt64) throws {
        let wanted = min(UInt64(BoxHeader.largeSizeBytes), fileSize - offset)
        let windowEnd = windowOffset + UInt64(window.count)
        if offset >= windowOffset, offset + wanted <= windowEnd { return }
        let count = min(Self.windowBytes, fileSize - offset)
        window = try source.read(offsetBytes: offset, count: Int(count))
        windowOffset = offset
    }
}
