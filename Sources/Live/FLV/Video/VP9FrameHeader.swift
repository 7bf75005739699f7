import ISOBMFF

/// uncompressed_header() of a VP9 frame, as far as key frames need it. VP9 Bitstream §6.2
struct VP9FrameHeader {
    private(set) var isKey = false
    private(set) var configuration = VP9Configuration(profile: 0, level: 10, bitDepth: 8)
    private(set) var picture = PictureFormat()

    /// Bytes that hold all that is read.
    static let sizeBytes = 12

    /// - Parameter head: the frame's first bytes; nil where they are no VP9 frame.
    init?(_ head: [UInt8]) {
        var bits = BitCursor(head)
        guard bits.read(2) == 2 else { return nil }
        let profile = bits.read(1) | bits.read(1) << 1
        configuration.profile = UInt8(profile)
        if profile == 3 { bits.skip(1) }
        if bits.flag() { return }  // show_existing_frame
        isKey = !bits.flag()
        bits.skip(2)  // show_frame, error_resilient_mode
        guard isKey else { return }
        guard bits.read(24) == 0x49_83_42 else { return nil }
        if profile >= 2 { configuration.bitDepth = bits.flag() ? 12 : 10 }
        let colorSpace = bits.read(3)
        configuration.matrix = [2, 6, 1, 6, 7, 9, 2, 0][colorSpace]
        let hasChoice = profile == 1 || profile == 3
        if colorSpace == 7 {
            configuration.isFullRange = true
            configuration.chromaSubsampling = 3
            if hasChoice { bits.skip(1) }
        } else {
            configuration.isFullRange = bits.flag()
            if hasChoice {
                let (isHalfX, isHalfY) = (bits.flag(), bits.flag())
                configuration.chromaSubsampling = isHalfX ? (isHalfY ? 1 : 2) : 3
                bits.skip(1)
            }
        }
        picture.width = bits.read(16) + 1
        picture.height = bits.read(16) + 1
        guard !bits.isOverrun, picture.isPossible else { return nil }
        configuration.primaries = configuration.matrix == 9 ? 9 : 2
        configuration.transfer = 2
        configuration.level = Self.level(pictureSize: picture.width * picture.height)
        picture.bitDepthLuma = Int(configuration.bitDepth)
    }

    /// The lowest level that has pictures of a size. VP9 levels, "Luma Picture Size"
    private static func level(pictureSize: Int) -> UInt8 {
        let levels: [(Int, UInt8)] = [
            (36_864, 10), (73_728, 11), (122_880, 20), (245_760, 21), (552_960, 30), (983_040, 31),
            (2_228_224, 40), (8_912_896, 50),
        ]
        return levels.first { pictureSize <= $0.0 }?.1 ?? 60
    }
}
