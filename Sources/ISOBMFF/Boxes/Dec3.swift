/// E-AC-3 specific box. ETSI TS 102 366 §F.6, ETSI TS 103 420 §7
struct Dec3 {
    /// nil for a reserved sample rate code.
    let sampleRate: UInt32?
    /// Of the first program, its dependent substreams included.
    let channelCount: Int
    /// Whether objects (Atmos) are coded jointly beside the channels.
    let isJOC: Bool

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var bits = BitReader(box)
        _ = try bits.read(13)  // data_rate
        let independentCount = try bits.read(3) + 1
        var sampleRate: UInt32?
        var channelCount = 0
        for index in 0..<independentCount {
            let rate = AC3.sampleRate(code: try bits.read(2))
            _ = try bits.read(5 + 1 + 1 + 3)  // bsid, reserved, asvc, bsmod
            var channels = AC3.channelCount(
                codingMode: try bits.read(3),
                hasLowFrequency: try bits.read(1) == 1
            )
            _ = try bits.read(3)
            let dependentCount = try bits.read(4)
            if dependentCount > 0 {
                channels += Self.channelCount(locations: try bits.read(9))
            } else {
                _ = try bits.read(1)
            }
            if index == 0 {
                (sampleRate, channelCount) = (rate, channels)
            }
        }
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        guard bits.remaining >= 16 else {
            self.isJOC = false
            return
        }
        _ = try bits.read(7)
        self.isJOC = try bits.read(1) == 1  // flag_ec3_extension_type_a
    }

    /// Speakers of `chan_loc`, most significant bit of its nine first: LFE2, Cvh, Lvh/Rvh, Lw/Rw,
    /// Lsd/Rsd, Ts, Cs, Lrs/Rrs, Lc/Rc.
    private static func channelCount(locations: Int) -> Int {
        let speakers = [1, 1, 2, 2, 2, 1, 1, 2, 2]
        return speakers.enumerated().reduce(0) { sum, speaker in
            locations >> (8 - speaker.offset) & 1 == 1 ? sum + speaker.element : sum
        }
    }
}
