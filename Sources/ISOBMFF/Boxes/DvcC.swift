extension DolbyVisionConfiguration {
    /// Reads `dvcC`, `dvvC` and `dvwC`. Dolby Vision Streams within the ISOBMFF §3.2
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var bits = BitReader(box)
        _ = try bits.read(8 + 8)  // dv_version_major, dv_version_minor
        let profile = try bits.read(7)
        let level = try bits.read(6)
        _ = try bits.read(3)  // rpu_present_flag, el_present_flag, bl_present_flag
        self.init(
            profile: UInt8(profile),
            level: UInt8(level),
            compatibilityId: UInt8(try bits.read(4))
        )
    }
}
