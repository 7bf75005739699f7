extension ColorProperties {
    /// Reads `colr`; nil where it holds an ICC profile. ISO/IEC 14496-12 §12.1.5
    init?(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let colorType = try box.readFourCC()
        guard colorType == "nclx" || colorType == "nclc" else { return nil }
        self.init(
            primaries: try box.readUInt16(),
            transfer: try box.readUInt16(),
            matrix: try box.readUInt16(),
            isFullRange: colorType == "nclx" && box.remaining > 0
                ? try box.readUInt8() & 0x80 != 0 : false
        )
    }
}
