/// The start of an xHE-AAC configuration: rate and channels that come out.
///
/// ISO/IEC 23003-3 §5.2, tables 67 and 68
struct UsacConfig {
    let sampleRate: UInt32?
    let channelCount: Int?

    private static let escapedRate = 0x1F

    init(_ bits: inout BitReader) throws(ISOBMFFError) {
        let rateIndex = try bits.read(5)
        self.sampleRate =
            rateIndex == Self.escapedRate
            ? UInt32(try bits.read(24)) : Self.sampleRate(index: rateIndex)
        _ = try bits.read(3)  // coreSbrFrameLengthIndex
        self.channelCount = Self.channelCount(configuration: try bits.read(5))
    }

    private static func sampleRate(index: Int) -> UInt32? {
        let more: [UInt32] = [
            57_600, 51_200, 40_000, 38_400, 34_150, 28_800, 25_600, 20_000, 19_200, 17_075, 14_400,
            12_800, 9_600,
        ]
        let firstOfMore = 0xF
        return more.indices.contains(index - firstOfMore)
            ? more[index - firstOfMore] : AudioSpecificConfig.sampleRate(index: index)
    }

    private static func channelCount(configuration: Int) -> Int? {
        let counts = [1, 2, 3, 4, 5, 6, 8, 2, 3, 4, 7, 8, 24]
        return counts.indices.contains(configuration - 1) ? counts[configuration - 1] : nil
    }
}
