import ISOBMFF
import Segmenting

/// What a sequence's header says of its pictures.
struct PictureFormat: Hashable {
    var width = 0
    var height = 0
    var pixelAspectHorizontal = 1
    var pixelAspectVertical = 1
    /// nil where the header does not say it.
    var color: ColorProperties?
    /// Distance of frames, as the header has it.
    var interval: FrameInterval?
    var chromaFormat = 1
    var bitDepthLuma = 8
    var bitDepthChroma = 8

    /// Whether the size can stand in a sample entry.
    var isPossible: Bool { (1...65_535).contains(width) && (1...65_535).contains(height) }
}

extension PictureFormat {
    /// Reads aspect ratio and signal type, which the VUI of AVC and HEVC begin with.
    ///
    /// ISO/IEC 14496-10 §E.1.1, ISO/IEC 23008-2 §E.2.1
    mutating func readSignal(_ bits: inout BitCursor) {
        if bits.flag() {
            let code = bits.read(8)
            var ratio = (1, 1)
            if code == 255 {
                ratio = (bits.read(16), bits.read(16))
            } else if Self.aspectRatios.indices.contains(code) {
                ratio = Self.aspectRatios[code]
            }
            if ratio.0 > 0, ratio.1 > 0 {
                (pixelAspectHorizontal, pixelAspectVertical) = ratio
            }
        }
        if bits.flag() { bits.skip(1) }  // overscan_appropriate_flag
        if bits.flag() {
            bits.skip(3)  // video_format
            let isFullRange = bits.flag()
            var codePoints = (2, 2, 2)
            if bits.flag() { codePoints = (bits.read(8), bits.read(8), bits.read(8)) }
            if codePoints != (2, 2, 2) || isFullRange {
                color = ColorProperties(
                    primaries: UInt16(codePoints.0),
                    transfer: UInt16(codePoints.1),
                    matrix: UInt16(codePoints.2),
                    isFullRange: isFullRange
                )
            }
        }
        if bits.flag() {  // chroma_loc_info_present_flag
            _ = bits.exponentialGolomb()
            _ = bits.exponentialGolomb()
        }
    }

    /// By aspect_ratio_idc. ISO/IEC 14496-10 table E-1
    private static let aspectRatios = [
        (1, 1), (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
        (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]
}
