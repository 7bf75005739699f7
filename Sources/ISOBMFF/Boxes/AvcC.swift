extension AVCConfiguration {
    /// Reads `avcC`. ISO/IEC 14496-15 §5.3.3.1
    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let version = try box.readUInt8()
        guard version == 1 else {
            throw .invalid(box: box.type, field: "configurationVersion", value: Int64(version))
        }
        let profile = try box.readUInt8()
        let compatibility = try box.readUInt8()
        let level = try box.readUInt8()
        let lengthSize = try box.readNALLengthSize()
        let sequenceCount = try box.readUInt8() & 0x1F
        let sequenceParameterSets = try box.readNALUnits(count: Int(sequenceCount))
        let pictureCount = try box.readUInt8()
        let pictureParameterSets = try box.readNALUnits(count: Int(pictureCount))
        self.init(
            profile: profile,
            compatibility: compatibility,
            level: level,
            lengthSize: lengthSize,
            sequenceParameterSets: sequenceParameterSets,
            pictureParameterSets: pictureParameterSets
        )
    }
}

extension BoxReader {
    /// `lengthSizeMinusOne` in the low two bits of a byte; 3 bytes are not allowed.
    mutating func readNALLengthSize() throws(ISOBMFFError) -> Int {
        let lengthSize = Int(try readUInt8() & 0x3) + 1
        guard lengthSize != 3 else {
            throw .invalid(box: type, field: "lengthSizeMinusOne", value: 2)
        }
        return lengthSize
    }

    /// NAL units, each behind its length of 16 bits.
    mutating func readNALUnits(count: Int) throws(ISOBMFFError) -> [[UInt8]] {
        var units: [[UInt8]] = []
        for _ in 0..<count {
            let size = try readUInt16()
            units.append(try readBytes(Int(size)))
        }
        return units
    }
}
