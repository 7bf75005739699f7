/// AC-3 specific box. ETSI TS 102 366 §F.4
struct Dac3 {
    /// nil for a reserved sample rate code.
    let sampleRate: UInt32?
    let channelCount: Int

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var bits = BitReader(box)
        self.sampleRate = AC3.sampleRate(code: try bits.read(2))
        _ = try bits.read(5 + 3)  // bsid, bsmod
        self.channelCount = AC3.channelCount(
            codingMode: try bits.read(3),
            hasLowFrequency: try bits.read(1) == 1
        )
    }
}

/// What AC-3 and E-AC-3 code alike. ETSI TS 102 366 §4.4.1.3, §4.4.2.3
enum AC3 {
    static func sampleRate(code: Int) -> UInt32? {
        let rates: [UInt32] = [48_000, 44_100, 32_000]
        return rates.indices.contains(code) ? rates[code] : nil
    }

    /// Channels of an `acmod` of 3 bits.
    static func channelCount(codingMode: Int, hasLowFrequency: Bool) -> Int {
        let fullRange = [2, 1, 2, 3, 3, 4, 4, 5][codingMode]
        return fullRange + (hasLowFrequency ? 1 : 0)
    }
}
