extension AV1Configuration {
    /// Reads `av1C`. AV1 Codec ISO Media File Format Binding §2.3.3
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let marker = try box.readUInt8()
        guard marker == 0x81 else {
            throw .invalid(box: box.type, field: "version", value: Int64(marker))
        }
        let profileAndLevel = try box.readUInt8()
        let bits = try box.readUInt8()
        let isHighBitDepth = bits & 0x40 != 0
        let isTwelveBit = bits & 0x20 != 0
        self.init(
            profile: profileAndLevel >> 5,
            level: profileAndLevel & 0x1F,
            isHighTier: bits & 0x80 != 0,
            bitDepth: isHighBitDepth ? (isTwelveBit ? 12 : 10) : 8,
            isMonochrome: bits & 0x10 != 0,
            chromaSubsamplingX: bits & 0x08 != 0,
            chromaSubsamplingY: bits & 0x04 != 0,
            chromaSamplePosition: bits & 0x03
        )
    }
}
