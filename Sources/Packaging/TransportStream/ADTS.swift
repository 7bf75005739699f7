import ISOBMFF

/// The header that makes an AAC frame stand alone.
///
/// ISO/IEC 13818-7 §6.2, ISO/IEC 14496-3 §1.A.2.2
enum ADTS {
    static let headerSizeBytes = 7
    /// `aac_frame_length` has 13 bits, header included.
    static let maximumFrameSizeBytes = 8191

    /// The seven bytes for a frame of length 0, in the upper bytes of the result.
    ///
    /// SBR and PS are signalled implicitly: the header describes the core coder.
    ///
    /// - Returns: nil for what ADTS cannot say: object types above 4 (xHE-AAC among them), rates
    ///   out of the table, a channel layout in a program config element, frames of 960 samples.
    static func header(_ configuration: AACConfiguration) -> UInt64? {
        guard (1...4).contains(configuration.coreObjectType),
            [1, 2, 3, 4, 5, 29].contains(configuration.objectType),
            let rateIndex = sampleRates.firstIndex(of: configuration.coreSampleRate),
            (1...7).contains(configuration.channelConfiguration),
            !configuration.hasShortFrames
        else {
            return nil
        }
        // syncword, MPEG-4, layer 0, no CRC; profile; rate; private_bit; channels; …
        var bits: UInt64 = 0xFFF1
        bits = bits << 2 | UInt64(configuration.coreObjectType - 1)
        bits = bits << 4 | UInt64(rateIndex)
        bits = bits << 4 | UInt64(configuration.channelConfiguration)
        bits <<= 4  // original_copy, home, copyright bit and start
        bits <<= 13  // aac_frame_length
        bits = bits << 11 | 0x7FF  // adts_buffer_fullness: variable rate
        bits <<= 2  // one raw data block
        return bits << 8
    }

    /// The header of a frame whose length, header included, is at most `maximumFrameSizeBytes`.
    @inline(__always)
    static func header(_ empty: UInt64, frameSizeBytes: Int) -> UInt64 {
        empty | UInt64(frameSizeBytes) << 21
    }

    /// By sampling_frequency_index. ISO/IEC 14496-3 table 1.18
    private static let sampleRates: [UInt32] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000, 7_350,
    ]
}
