/// Where the parts of one block lie: the samples of one track in one group.
///
/// A block starts at a byte, with the first sample's size, and is a row of bit fields, least
/// significant bit first:
///
///     first size 32 · least other size 32 · size width 6 · sync mode 2
///     run count 27 · count width 6 · gap width 7
///     sizes of all samples but the first, less the least
///     durations, then composition offsets, each: nothing where the track has one value;
///         places in the track's palette; or least value 32 · width 6 · differences
///     a sync bit a sample where the mode says so
///     samples of each run but the last, less one
///     distance of each run but the first from the end of the one before, sign in the lowest bit
///
/// This file and `PackedTrack+Decoding` are a hot path and use unsafe pointers. Invariant: `init`
/// has checked that every field of the block lies in the packed bytes, at least `padding` bytes
/// before their end, so that a load of eight bytes at any field's first bit stays inside.
@safe
struct PackedBlock {
    enum SyncMode: UInt8 {
        case all
        case first
        case bits
        case none
    }

    /// Bytes behind the last block that loads may touch.
    static let padding = 8
    private static let headerBits = 112

    let count: Int
    let firstSize: UInt32
    let leastSize: UInt32
    let sizeWidth: Int
    let syncMode: SyncMode
    let runCount: Int
    let countWidth: Int
    let gapWidth: Int
    let sizesBit: Int
    let durations: Values
    let offsets: Values
    let syncBit: Int
    let countsBit: Int
    let gapsBit: Int

    /// One property of the samples, as far as the block holds it.
    struct Values {
        var least: UInt32 = 0
        var width = 0
        var bit: Int
    }

    /// Reads a block's header; nil where the block does not lie in the packed bytes.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int, count: Int, of track: PackedTrack) {
        let limit = (bytes.count - Self.padding) * 8
        var bit = offset * 8
        guard count > 0, bit + Self.headerBits <= limit else { return nil }
        let low = unsafe Self.load(bytes, bit: bit)
        let high = unsafe Self.load(bytes, bit: bit + 64)
        firstSize = UInt32(truncatingIfNeeded: low)
        leastSize = UInt32(truncatingIfNeeded: low >> 32)
        sizeWidth = Int(high & 63)
        guard let mode = SyncMode(rawValue: UInt8(high >> 6 & 3)) else { return nil }
        syncMode = mode
        runCount = Int(high >> 8 & (1 << 27 - 1))
        countWidth = Int(high >> 35 & 63)
        gapWidth = Int(high >> 41 & 127)
        guard (1...count).contains(runCount), sizeWidth <= 32, countWidth <= 32, gapWidth <= 56
        else { return nil }
        self.count = count
        bit += Self.headerBits
        sizesBit = bit
        bit += (count - 1) * sizeWidth
        guard bit <= limit else { return nil }
        guard
            let durations = unsafe Self.values(bytes, &bit, track.durations, count: count, limit),
            let offsets = unsafe Self.values(
                bytes,
                &bit,
                track.compositionOffsets,
                count: count,
                limit
            )
        else { return nil }
        self.durations = durations
        self.offsets = offsets
        syncBit = bit
        bit += mode == .bits ? count : 0
        countsBit = bit
        bit += (runCount - 1) * countWidth
        gapsBit = bit
        bit += (runCount - 1) * gapWidth
        guard bit <= limit else { return nil }
    }

    @inline(__always)
    private static func values(
        _ bytes: UnsafeRawBufferPointer,
        _ bit: inout Int,
        _ coding: ValueCoding,
        count: Int,
        _ limit: Int
    ) -> Values? {
        var values = Values(bit: bit)
        switch coding {
        case .constant:
            break
        case .palette(_, let width):
            values.width = width
        case .blocks:
            guard bit + 38 <= limit else { return nil }
            let fields = unsafe load(bytes, bit: bit)
            values.least = UInt32(truncatingIfNeeded: fields)
            values.width = Int(fields >> 32 & 63)
            guard values.width <= 32 else { return nil }
            values.bit += 38
        }
        bit = values.bit + count * values.width
        return bit <= limit ? values : nil
    }

    /// Eight bytes from the one that holds a bit on, shifted so that the bit is the lowest: at
    /// least 57 bits count, all 64 where the bit starts a byte.
    @inline(__always)
    static func load(_ bytes: UnsafeRawBufferPointer, bit: Int) -> UInt64 {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        return UInt64(littleEndian: word) >> UInt64(bit & 7)
    }
}
