import Segmenting

/// seq_parameter_set_rbsp of a NAL unit of type 33. ISO/IEC 23008-2 §7.3.2.2
struct HEVCSequenceParameterSet {
    private(set) var picture = PictureFormat()
    /// general_profile_space … general_level_idc: 12 bytes as `hvcC` has them.
    let profileTierLevel: [UInt8]
    let temporalLayers: Int
    let isTemporalNesting: Bool

    private static let mostSets = 64
    private static let mostPictures = 16
    private static let mostLongTerm = 32

    /// nil where the unit is cut or its size cannot be.
    init?(_ unit: [UInt8]) {
        var bits = BitCursor(unescaping: unit)
        bits.skip(16 + 4)  // NAL unit header, sps_video_parameter_set_id
        let subLayers = bits.read(3)
        temporalLayers = subLayers + 1
        isTemporalNesting = bits.flag()
        profileTierLevel = (0..<12).map { _ in UInt8(bits.read(8)) }
        Self.skipSubLayers(&bits, count: subLayers)
        _ = bits.exponentialGolomb()  // sps_seq_parameter_set_id
        picture.chromaFormat = bits.exponentialGolomb()
        guard (0...3).contains(picture.chromaFormat) else { return nil }
        if picture.chromaFormat == 3 { bits.skip(1) }
        picture.width = bits.exponentialGolomb()
        picture.height = bits.exponentialGolomb()
        if bits.flag() {
            let unitX = picture.chromaFormat == 1 || picture.chromaFormat == 2 ? 2 : 1
            let unitY = picture.chromaFormat == 1 ? 2 : 1
            picture.width -= unitX * (bits.exponentialGolomb() + bits.exponentialGolomb())
            picture.height -= unitY * (bits.exponentialGolomb() + bits.exponentialGolomb())
        }
        picture.bitDepthLuma = 8 + bits.exponentialGolomb()
        picture.bitDepthChroma = 8 + bits.exponentialGolomb()
        guard !bits.isOverrun, picture.isPossible, picture.bitDepthLuma <= 16,
            picture.bitDepthChroma <= 16
        else { return nil }
        var described = picture
        if Self.skipTools(&bits, subLayers: subLayers), bits.flag() {
            described.readSignal(&bits)
            bits.skip(3)  // neutral_chroma_indication_flag, field_seq_flag, frame_field_info…
            if bits.flag() {  // default_display_window_flag
                for _ in 0..<4 { _ = bits.exponentialGolomb() }
            }
            if bits.flag() {
                let (units, scale) = (bits.read(32), bits.read(32))
                described.interval = FrameInterval(rate: Int64(scale), over: Int64(units))
            }
            if !bits.isOverrun { picture = described }
        }
    }

    /// What profile_tier_level() has behind the general part. §7.3.3
    private static func skipSubLayers(_ bits: inout BitCursor, count: Int) {
        guard count > 0 else { return }
        let present = (0..<count).map { _ in (profile: bits.flag(), level: bits.flag()) }
        bits.skip(2 * (8 - count))
        for layer in present {
            if layer.profile { bits.skip(88) }
            if layer.level { bits.skip(8) }
        }
    }

    /// Everything between the bit depths and the VUI; false where it cannot be.
    private static func skipTools(_ bits: inout BitCursor, subLayers: Int) -> Bool {
        let pictureOrderBits = bits.exponentialGolomb() + 4
        for _ in (bits.flag() ? 0 : subLayers)...subLayers {
            for _ in 0..<3 { _ = bits.exponentialGolomb() }
        }
        for _ in 0..<6 { _ = bits.exponentialGolomb() }  // block sizes and depths
        if bits.flag(), bits.flag() { skipScalingLists(&bits) }
        bits.skip(2)  // amp_enabled_flag, sample_adaptive_offset_enabled_flag
        if bits.flag() {  // pcm_enabled_flag
            bits.skip(8)
            _ = bits.exponentialGolomb()
            _ = bits.exponentialGolomb()
            bits.skip(1)
        }
        guard skipReferenceSets(&bits), pictureOrderBits <= 16 else { return false }
        if bits.flag() {  // long_term_ref_pics_present_flag
            let count = bits.exponentialGolomb()
            guard count <= mostLongTerm else { return false }
            bits.skip(count * (pictureOrderBits + 1))
        }
        bits.skip(2)  // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
        return !bits.isOverrun
    }

    /// scaling_list_data(). §7.3.4
    private static func skipScalingLists(_ bits: inout BitCursor) {
        for size in 0..<4 {
            for _ in stride(from: 0, to: 6, by: size == 3 ? 3 : 1) {
                guard bits.flag() else {
                    _ = bits.exponentialGolomb()
                    continue
                }
                if size > 1 { _ = bits.signedExponentialGolomb() }
                for _ in 0..<min(64, 1 << (4 + 2 * size)) { _ = bits.signedExponentialGolomb() }
            }
        }
    }

    /// st_ref_pic_set() of all sets; false where they cannot be. §7.3.7
    private static func skipReferenceSets(_ bits: inout BitCursor) -> Bool {
        let count = bits.exponentialGolomb()
        guard count <= mostSets else { return false }
        var pictures = 0
        for index in 0..<count {
            if index > 0, bits.flag() {
                bits.skip(1)  // delta_rps_sign
                _ = bits.exponentialGolomb()
                // One more than before: the previous picture itself.
                pictures = (0...pictures).reduce(0) { sum, _ in
                    let isKept = bits.flag() || bits.flag()
                    return sum + (isKept ? 1 : 0)
                }
            } else {
                let (before, after) = (bits.exponentialGolomb(), bits.exponentialGolomb())
                guard before <= mostPictures, after <= mostPictures else { return false }
                pictures = before + after
                for _ in 0..<pictures {
                    _ = bits.exponentialGolomb()
                    bits.skip(1)
                }
            }
            guard pictures <= 2 * mostPictures, !bits.isOverrun else { return false }
        }
        return true
    }
}
