/// What a splice_info_section says as far as playlists need it.
///
/// ANSI/SCTE 35 §9.6, §9.7, §10.3.3
struct SpliceInfoSection: Hashable, Sendable {
    /// Why a section cannot be told in a playlist.
    enum Failure: Error, Hashable {
        case tooLong
        case notASection
        case truncated
        case tooManyDescriptors
    }

    enum Signal: Hashable, Sendable {
        /// The program is left; `duration` in ticks of 90 kHz where it is planned.
        case out(eventID: UInt32, duration: UInt64?)
        case `in`(eventID: UInt32)
        /// All other commands.
        case other
    }

    /// section_length has twelve bits.
    static let lengthLimit = 4098
    static let descriptorLimit = 16

    /// None where all were canceled.
    var signals: [Signal]

    init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.lengthLimit else { throw .tooLong }
        var reader = SpliceReader(bytes)
        guard try reader.read(8) == 0xFC else { throw .notASection }
        try reader.skip(4)
        guard try reader.read(12) + 3 <= UInt64(bytes.count) else { throw .truncated }
        guard try reader.read(8) == 0 else { throw .notASection }
        let isEncrypted = try reader.read(1) == 1
        try reader.skip(6 + 33 + 8 + 12)
        let commandLength = Int(try reader.read(12))
        let commandType = try reader.read(8)
        let commandStart = reader.byteOffset
        signals = []
        if isEncrypted {
            signals = [.other]
        } else if commandType == 0x05 {
            signals = try Self.spliceInsert(&reader).map { [$0] } ?? []
        } else if commandType == 0x06 {
            // time_signal says when, its descriptors what. 0xFFF is a length not told.
            if commandLength == 0xFFF {
                try reader.skip(try reader.read(1) == 1 ? 39 : 7)
            } else {
                reader.byteOffset = commandStart + commandLength
            }
            signals = try Self.segmentations(&reader)
        } else {
            signals = [.other]
        }
    }

    /// splice_insert(); nil where it cancels an earlier one. §9.7.3
    private static func spliceInsert(_ reader: inout SpliceReader) throws(Failure) -> Signal? {
        let eventID = UInt32(truncatingIfNeeded: try reader.read(32))
        if try reader.read(8) >> 7 == 1 { return nil }
        let flags = try reader.read(8)
        let (isOut, isProgram) = (flags & 0x80 != 0, flags & 0x40 != 0)
        let (hasDuration, isImmediate) = (flags & 0x20 != 0, flags & 0x10 != 0)
        if isProgram {
            if !isImmediate { try reader.skipSpliceTime() }
        } else {
            for _ in 0..<Int(try reader.read(8)) {
                try reader.skip(8)
                if !isImmediate { try reader.skipSpliceTime() }
            }
        }
        guard isOut else { return .in(eventID: eventID) }
        guard hasDuration else { return .out(eventID: eventID, duration: nil) }
        try reader.skip(7)
        return .out(eventID: eventID, duration: try reader.read(33))
    }

    /// The segmentation_descriptor()s of a time_signal(), one for each signal. §10.3.3
    private static func segmentations(_ reader: inout SpliceReader) throws(Failure) -> [Signal] {
        let end = Int(try reader.read(16)) + reader.byteOffset
        var (signals, count) = ([Signal](), 0)
        while reader.byteOffset + 2 <= end {
            count += 1
            guard count <= descriptorLimit else { throw .tooManyDescriptors }
            let tag = try reader.read(8)
            let next = Int(try reader.read(8)) + reader.byteOffset
            if tag == 0x02, try reader.read(32) == 0x4355_4549,
                let signal = try segmentation(&reader)
            {
                signals.append(signal)
            }
            reader.byteOffset = next
        }
        return count == 0 ? [.other] : signals
    }

    private static func segmentation(_ reader: inout SpliceReader) throws(Failure) -> Signal? {
        let eventID = UInt32(truncatingIfNeeded: try reader.read(32))
        if try reader.read(8) >> 7 == 1 { return nil }
        let flags = try reader.read(8)
        if flags & 0x80 == 0 { try reader.skip(Int(try reader.read(8)) * 48) }
        let duration = flags & 0x40 == 0 ? nil : try reader.read(40)
        try reader.skip(8)
        try reader.skip(Int(try reader.read(8)) * 8)
        let type = try reader.read(8)
        guard pairs.contains(type & ~1) else { return .other }
        return type & 1 == 0 ? .out(eventID: eventID, duration: duration) : .in(eventID: eventID)
    }

    /// segmentation_type_id of starts whose end is the next number, and which leave the program:
    /// break, advertisements, placement opportunities, overlays of both, advertisement blocks.
    private static let pairs: Set<UInt64> = [
        0x22, 0x30, 0x32, 0x34, 0x36, 0x38, 0x3A, 0x44, 0x46,
    ]
}

/// Reads bits, most significant first; at most 64 at once.
private struct SpliceReader {
    private let bytes: [UInt8]
    private var bitOffset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Of what is read next, which starts a byte.
    var byteOffset: Int {
        get { bitOffset / 8 }
        set { bitOffset = newValue * 8 }
    }

    mutating func read(_ count: Int) throws(SpliceInfoSection.Failure) -> UInt64 {
        guard bitOffset + count <= bytes.count * 8 else { throw .truncated }
        var value: UInt64 = 0
        for offset in bitOffset..<bitOffset + count {
            value = value << 1 | UInt64(bytes[offset / 8] >> (7 - offset % 8) & 1)
        }
        bitOffset += count
        return value
    }

    mutating func skip(_ count: Int) throws(SpliceInfoSection.Failure) {
        guard bitOffset + count <= bytes.count * 8 else { throw .truncated }
        bitOffset += count
    }

    /// splice_time(). §9.8.1
    mutating func skipSpliceTime() throws(SpliceInfoSection.Failure) {
        try skip(try read(1) == 1 ? 39 : 7)
    }
}
