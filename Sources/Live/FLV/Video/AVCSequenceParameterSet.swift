import Segmenting

/// seq_parameter_set_data of a NAL unit of type 7. ISO/IEC 14496-10 §7.3.2.1.1
struct AVCSequenceParameterSet {
    let picture: PictureFormat

    private static let highProfiles: Set<Int> = [
        100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
    ]
    private static let mostReferences = 255

    /// nil where the unit is cut or its size cannot be.
    init?(_ unit: [UInt8]) {
        var bits = BitCursor(unescaping: unit)
        var picture = PictureFormat()
        bits.skip(8)  // NAL unit header
        let profile = bits.read(8)
        bits.skip(8 + 8)
        _ = bits.exponentialGolomb()  // seq_parameter_set_id
        var isSeparate = false
        if Self.highProfiles.contains(profile) {
            picture.chromaFormat = bits.exponentialGolomb()
            if picture.chromaFormat == 3 { isSeparate = bits.flag() }
            picture.bitDepthLuma = 8 + bits.exponentialGolomb()
            picture.bitDepthChroma = 8 + bits.exponentialGolomb()
            bits.skip(1)  // qpprime_y_zero_transform_bypass_flag
            if bits.flag() { Self.skipScalingLists(&bits, chromaFormat: picture.chromaFormat) }
        }
        guard (0...3).contains(picture.chromaFormat) else { return nil }
        _ = bits.exponentialGolomb()  // log2_max_frame_num_minus4
        Self.skipPictureOrder(&bits)
        _ = bits.exponentialGolomb()  // max_num_ref_frames
        bits.skip(1)  // gaps_in_frame_num_value_allowed_flag
        let widthUnits = bits.exponentialGolomb() + 1
        let heightUnits = bits.exponentialGolomb() + 1
        let isFrameOnly = bits.flag()
        if !isFrameOnly { bits.skip(1) }
        bits.skip(1)  // direct_8x8_inference_flag
        var crop = (left: 0, right: 0, top: 0, bottom: 0)
        if bits.flag() {
            crop.left = bits.exponentialGolomb()
            crop.right = bits.exponentialGolomb()
            crop.top = bits.exponentialGolomb()
            crop.bottom = bits.exponentialGolomb()
        }
        guard !bits.isOverrun else { return nil }
        let chroma = isSeparate ? 0 : picture.chromaFormat
        let unitX = chroma == 1 || chroma == 2 ? 2 : 1
        let unitY = (chroma == 1 ? 2 : 1) * (isFrameOnly ? 1 : 2)
        picture.width = widthUnits * 16 - unitX * (crop.left + crop.right)
        picture.height = heightUnits * 16 * (isFrameOnly ? 1 : 2) - unitY * (crop.top + crop.bottom)
        guard picture.isPossible else { return nil }
        if bits.flag() {
            var described = picture
            described.readSignal(&bits)
            if bits.flag() {
                let (units, scale) = (bits.read(32), bits.read(32))
                // Two fields, or ticks, a frame.
                described.interval = FrameInterval(rate: Int64(scale), over: Int64(units) * 2)
            }
            // A VUI that is cut says nothing, but the size stands.
            if !bits.isOverrun { picture = described }
        }
        self.picture = picture
    }

    private static func skipScalingLists(_ bits: inout BitCursor, chromaFormat: Int) {
        for list in 0..<(chromaFormat == 3 ? 12 : 8) where bits.flag() {
            var (last, next) = (8, 8)
            for _ in 0..<(list < 6 ? 16 : 64) {
                if next != 0 { next = (last + bits.signedExponentialGolomb() + 256) & 0xFF }
                last = next == 0 ? last : next
            }
        }
    }

    private static func skipPictureOrder(_ bits: inout BitCursor) {
        switch bits.exponentialGolomb() {
        case 0:
            _ = bits.exponentialGolomb()
        case 1:
            bits.skip(1)
            _ = bits.exponentialGolomb()
            _ = bits.exponentialGolomb()
            for _ in 0..<min(bits.exponentialGolomb(), mostReferences) {
                _ = bits.exponentialGolomb()
            }
        default:
            break
        }
    }
}
