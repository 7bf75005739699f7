extension VP9Configuration {
    /// Reads `vpcC`. VP Codec ISO Media File Format Binding, "VP Codec Configuration Box"
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        let profile = try box.readUInt8()
        let level = try box.readUInt8()
        let bits = try box.readUInt8()
        self.init(
            profile: profile,
            level: level,
            bitDepth: bits >> 4,
            chromaSubsampling: bits >> 1 & 0x7,
            isFullRange: bits & 1 != 0,
            primaries: try box.readUInt8(),
            transfer: try box.readUInt8(),
            matrix: try box.readUInt8()
        )
    }
}
