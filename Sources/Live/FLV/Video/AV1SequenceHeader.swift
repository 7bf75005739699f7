import ISOBMFF
import Segmenting

/// sequence_header_obu(). AV1 Bitstream §5.5
struct AV1SequenceHeader {
    private(set) var picture = PictureFormat()
    private(set) var configuration = AV1Configuration(
        profile: 0,
        level: 0,
        isHighTier: false,
        bitDepth: 8
    )
    private(set) var isReducedStillPicture = false

    /// - Parameter payload: behind the unit's header and size.
    init?(_ payload: [UInt8]) {
        var bits = BitCursor(payload)
        let profile = bits.read(3)
        guard profile <= 2 else { return nil }
        configuration.profile = UInt8(profile)
        bits.skip(1)  // still_picture
        isReducedStillPicture = bits.flag()
        if isReducedStillPicture {
            configuration.level = UInt8(bits.read(5))
        } else {
            readOperatingPoints(&bits)
        }
        let (widthBits, heightBits) = (bits.read(4) + 1, bits.read(4) + 1)
        picture.width = bits.read(widthBits) + 1
        picture.height = bits.read(heightBits) + 1
        skipTools(&bits)
        readColor(&bits)
        guard !bits.isOverrun, picture.isPossible else { return nil }
    }

    private mutating func readOperatingPoints(_ bits: inout BitCursor) {
        var delayBits: Int?
        if bits.flag() {  // timing_info_present_flag
            let (units, scale) = (bits.read(32), bits.read(32))
            if bits.flag() {  // equal_picture_interval
                let ticks = min(bits.exponentialGolomb(), 1 << 30) + 1
                let (duration, isTooLong) = units.multipliedReportingOverflow(by: ticks)
                if !isTooLong {
                    picture.interval = FrameInterval(rate: Int64(scale), over: Int64(duration))
                }
            }
            if bits.flag() {  // decoder_model_info_present_flag
                delayBits = bits.read(5) + 1
                bits.skip(32 + 5 + 5)
            }
        }
        let hasDisplayDelay = bits.flag()
        let count = bits.read(5) + 1
        for index in 0..<count {
            bits.skip(12)  // operating_point_idc
            let level = bits.read(5)
            let isHighTier = level > 7 && bits.flag()
            if index == 0 {
                configuration.level = UInt8(level)
                configuration.isHighTier = isHighTier
            }
            if let delayBits, bits.flag() { bits.skip(2 * delayBits + 1) }
            if hasDisplayDelay, bits.flag() { bits.skip(4) }
        }
    }

    private func skipTools(_ bits: inout BitCursor) {
        if !isReducedStillPicture, bits.flag() { bits.skip(4 + 3) }  // frame ids
        bits.skip(3)  // 128x128 superblocks, filter intra, intra edge
        if !isReducedStillPicture {
            bits.skip(4)
            let hasOrderHint = bits.flag()
            if hasOrderHint { bits.skip(2) }
            let screenContent = bits.flag() ? 2 : bits.read(1)
            if screenContent > 0, !bits.flag() { bits.skip(1) }
            if hasOrderHint { bits.skip(3) }
        }
        bits.skip(3)  // superres, cdef, restoration
    }

    /// color_config(). §5.5.2
    private mutating func readColor(_ bits: inout BitCursor) {
        let isHigh = bits.flag()
        let isTwelve = configuration.profile == 2 && isHigh && bits.flag()
        configuration.bitDepth = isTwelve ? 12 : isHigh ? 10 : 8
        configuration.isMonochrome = configuration.profile != 1 && bits.flag()
        var codePoints = (2, 2, 2)
        if bits.flag() { codePoints = (bits.read(8), bits.read(8), bits.read(8)) }
        var isFullRange = true
        var subsampling = (x: true, y: true)
        if configuration.isMonochrome {
            isFullRange = bits.flag()
        } else if codePoints == (1, 13, 0) {
            subsampling = (false, false)
        } else {
            isFullRange = bits.flag()
            if configuration.profile == 1 {
                subsampling = (false, false)
            } else if configuration.profile == 2 {
                subsampling.x = isTwelve ? bits.flag() : true
                subsampling.y = isTwelve && subsampling.x ? bits.flag() : false
            }
            if subsampling == (true, true) {
                configuration.chromaSamplePosition = UInt8(bits.read(2))
            }
        }
        configuration.chromaSubsamplingX = subsampling.x
        configuration.chromaSubsamplingY = subsampling.y
        if codePoints != (2, 2, 2) || isFullRange {
            picture.color = ColorProperties(
                primaries: UInt16(codePoints.0),
                transfer: UInt16(codePoints.1),
                matrix: UInt16(codePoints.2),
                isFullRange: isFullRange
            )
        }
    }
}
