extension HEVCConfiguration {
    /// Reads `hvcC`. ISO/IEC 14496-15 §8.3.3.1
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let version = try box.readUInt8()
        // Encoders older than the standard wrote version 0.
        guard version <= 1 else {
            throw .invalid(box: box.type, field: "configurationVersion", value: Int64(version))
        }
        let profileByte = try box.readUInt8()
        let profileCompatibility = try box.readUInt32()
        let constraintsHigh = UInt64(try box.readUInt32())
        let constraintsLow = UInt64(try box.readUInt16())
        let level = try box.readUInt8()
        // min_spatial_segmentation_idc, parallelismType, chroma_format_idc, bit depths of luma and
        // chroma, avgFrameRate
        try box.skip(2 + 1 + 1 + 1 + 1 + 2)
        let lengthSize = try box.readNALLengthSize()
        let arrayCount = try box.readUInt8()
        var parameterSets: [[UInt8]] = []
        for _ in 0..<arrayCount {
            let unitType = try box.readUInt8() & 0x3F
            let count = try box.readUInt16()
            let units = try box.readNALUnits(count: Int(count))
            if Self.parameterSetTypes.contains(unitType) {
                parameterSets += units
            }
        }
        self.init(
            profileSpace: profileByte >> 6,
            isHighTier: profileByte & 0x20 != 0,
            profile: profileByte & 0x1F,
            profileCompatibility: profileCompatibility,
            constraints: constraintsHigh << 16 | constraintsLow,
            level: level,
            lengthSize: lengthSize,
            parameterSets: parameterSets
        )
    }

    /// NAL unit types VPS, SPS and PPS. ITU-T H.265 table 7-1
    private static let parameterSetTypes: ClosedRange<UInt8> = 32...34
}
