import ISOBMFF

/// The front of a recorded file: `ftyp` and a `moov` of a CMAF header, with the sample entries of
/// all formats that follow, and a `free` box up to where the first part stands.
///
/// The last four bytes of the `free` box are the number 1, see `RecordedFile.body`.
struct RecordingHeader: Sendable {
    /// The first format's header, which all else is taken from.
    private let first: [UInt8]
    private let entriesRange: Range<Int>
    /// Where the sizes of the boxes around the entries stand.
    private let sizeOffsets: [Int]
    /// Sample entries, whole boxes, one behind the other.
    private var entries: [UInt8]
    private(set) var entryCount: Int
    let timescale: UInt32
    /// Where the first part stands.
    let sizeBytes: Int

    /// Bytes of the `free` box that are always there: its header, and the number at its end.
    private static let freeBytes = 12

    init(_ initialization: [UInt8]) throws(RecordingError) {
        let boxes = try InitializationBoxes(initialization)
        first = initialization
        entriesRange = boxes.entries
        sizeOffsets = boxes.sizeOffsets
        entries = Array(initialization[boxes.entries])
        entryCount = 1
        timescale = boxes.timescale
        var size = RecordingLimits.headerBytes
        while size < initialization.count * 2 { size *= 2 }
        guard size <= RecordingLimits.largestHeaderBytes else {
            throw .headerTooLarge(
                sizeBytes: initialization.count,
                limitBytes: RecordingLimits.largestHeaderBytes / 2
            )
        }
        sizeBytes = size
    }

    /// Adds another format's sample entry.
    ///
    /// - Returns: its 1-based number, or nil where this file cannot take it: other ticks, too many
    ///   entries or no room.
    mutating func add(_ initialization: [UInt8]) throws(RecordingError) -> Int? {
        let boxes = try InitializationBoxes(initialization)
        let more = initialization[boxes.entries]
        let moovBytes = first.count - entriesRange.count + entries.count + more.count
        guard boxes.timescale == timescale, entryCount < RecordingLimits.formats,
            moovBytes + Self.freeBytes <= sizeBytes
        else {
            return nil
        }
        entries += more
        entryCount += 1
        return entryCount
    }

    var bytes: [UInt8] {
        var bytes = Array(first[..<entriesRange.lowerBound]) + entries
        bytes += first[entriesRange.upperBound...]
        let growth = UInt32(entries.count - entriesRange.count)
        for offset in sizeOffsets {
            Self.store(InitializationBoxes.integer(bytes, at: offset) + growth, at: offset, &bytes)
        }
        // `entry_count` stands right before the entries.
        Self.store(UInt32(entryCount), at: entriesRange.lowerBound - 4, &bytes)
        let free = bytes.count
        bytes += [UInt8](repeating: 0, count: sizeBytes - bytes.count)
        Self.store(UInt32(sizeBytes - free), at: free, &bytes)
        Self.store(FourCC("free").rawValue, at: free + 4, &bytes)
        bytes[sizeBytes - 1] = 1
        return bytes
    }

    private static func store(_ value: UInt32, at offset: Int, _ bytes: inout [UInt8]) {
        for place in 0..<4 {
            bytes[offset + place] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(place)))
        }
    }
}

/// Where a CMAF header has its sample entry. ISO/IEC 14496-12 §8.5.2
struct InitializationBoxes {
    /// The entry, a whole box.
    private(set) var entries = 0..<0
    /// Of `moov` down to `stsd`.
    private(set) var sizeOffsets: [Int] = []
    private(set) var timescale: UInt32 = 0

    init(_ bytes: [UInt8]) throws(RecordingError) {
        var range = 0..<bytes.count
        for name in ["moov", "trak", "mdia", "minf", "stbl", "stsd"] {
            guard let box = Self.child(name, of: bytes, in: range) else {
                throw .damagedInitialization(box: name)
            }
            if name == "mdia" { timescale = try Self.timescale(bytes, box) }
            sizeOffsets.append(box.lowerBound)
            range = box.lowerBound + 8..<box.upperBound
        }
        // Version, flags and the count of entries, of which a CMAF header has one.
        guard range.count > 16, Self.integer(bytes, at: range.lowerBound + 4) == 1 else {
            throw .damagedInitialization(box: "stsd")
        }
        entries = range.lowerBound + 8..<range.upperBound
    }

    private static func timescale(
        _ bytes: [UInt8],
        _ mdia: Range<Int>
    ) throws(RecordingError) -> UInt32 {
        guard let mdhd = child("mdhd", of: bytes, in: mdia.lowerBound + 8..<mdia.upperBound),
            mdhd.count >= 32
        else {
            throw .damagedInitialization(box: "mdhd")
        }
        let offset = bytes[mdhd.lowerBound + 8] == 1 ? 28 : 20
        return integer(bytes, at: mdhd.lowerBound + offset)
    }

    private static func child(
        _ name: String,
        of bytes: [UInt8],
        in range: Range<Int>
    ) -> Range<Int>? {
        var position = range.lowerBound
        while range.upperBound - position >= 8 {
            let size = Int(integer(bytes, at: position))
            guard size >= 8, size <= range.upperBound - position else { return nil }
            if bytes[position + 4..<position + 8].elementsEqual(name.utf8) {
                return position..<position + size
            }
            position += size
        }
        return nil
    }

    static func integer(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
