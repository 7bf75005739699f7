/// What a NAL unit means for a stream's packaging.
enum NALUnitKind: Hashable {
    /// By its place among the sets: VPS 0, SPS 1, PPS 2.
    case parameterSet(Int)
    /// A picture that decoding starts at; nothing before it is referred to.
    case refresh
    /// The same, but leading pictures of it may refer to what is before it.
    case openRefresh
    /// A leading picture that cannot be decoded when decoding starts at its `openRefresh`.
    case skippedLeading
    case picture
    /// What an encoder says about the picture behind it.
    case supplemental
    case other

    /// By a unit's first byte. ISO/IEC 14496-10 table 7-1
    static func avc(_ header: UInt8) -> NALUnitKind {
        switch header & 0x1F {
        case 1...4: .picture
        case 5: .refresh
        case 6: .supplemental
        case 7: .parameterSet(1)
        case 8: .parameterSet(2)
        default: .other
        }
    }

    /// By a unit's first byte. ISO/IEC 23008-2 table 7-1
    static func hevc(_ header: UInt8) -> NALUnitKind {
        switch header >> 1 & 0x3F {
        case 8, 9: .skippedLeading
        case 19, 20: .refresh
        case 16...18, 21...23: .openRefresh
        case 0...15: .picture
        case 32: .parameterSet(0)
        case 33: .parameterSet(1)
        case 34: .parameterSet(2)
        case 39: .supplemental
        default: .other
        }
    }
}
