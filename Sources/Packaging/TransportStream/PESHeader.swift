/// The header of a PES packet: start code, length, PTS and where it differs DTS.
///
/// ISO/IEC 13818-1 §2.4.3.7
struct PESHeader {
    static let maximumSizeBytes = 19

    /// The header as its first 8, next 8 and last 3 bytes, each from its number's upper end.
    ///
    /// `sizeBytes` is of header and payload; nil leaves the length 0, "unbounded", which only
    /// video may have.
    @inline(__always)
    static func words(
        streamID: UInt8,
        sizeBytes: Int?,
        presentationTime: Int64,
        decodeTime: Int64
    ) -> (UInt64, UInt64, UInt64) {
        let hasDecodeTime = presentationTime != decodeTime
        let length = UInt64(sizeBytes.map { $0 - 6 } ?? 0)
        // '10', data_alignment_indicator; PTS_DTS_flags.
        let flags: UInt64 = hasDecodeTime ? 0x84C0 : 0x8480
        let first: UInt64 = 0x0000_0100_0000_0000 | UInt64(streamID) << 32 | length << 16 | flags
        let presentation = timestamp(presentationTime, mark: hasDecodeTime ? 3 : 2)
        let decode = timestamp(decodeTime, mark: 1)
        let second = (hasDecodeTime ? 10 : 5) << 56 | presentation << 16 | decode >> 24
        return (first, second, decode << 40)
    }

    /// Forty bits: a mark, then 3, 15 and 15 bits of the time with a marker bit behind each.
    @inline(__always)
    private static func timestamp(_ time: Int64, mark: UInt64) -> UInt64 {
        let ticks = UInt64(time & TransportTime.mask)
        return mark << 36 | (ticks >> 30) << 33 | 1 << 32
            | (ticks >> 15 & 0x7FFF) << 17 | 1 << 16
            | (ticks & 0x7FFF) << 1 | 1
    }
}
