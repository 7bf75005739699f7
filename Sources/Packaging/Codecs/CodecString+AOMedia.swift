import ISOBMFF

extension AV1Configuration {
    /// `av01.0.04M.08`, with all optional fields where one is not the default.
    ///
    /// AV1 Codec ISO Media File Format Binding §5
    func writeCodecString(color: ColorProperties?, to writer: inout TextWriter) {
        writer.append("av01.")
        writer.append(Int(profile))
        writer.append("." as Unicode.Scalar)
        writer.append(UInt(level), digits: 2)
        writer.append(isHighTier ? "H." : "M.")
        writer.append(UInt(bitDepth), digits: 2)
        let chromaPosition = chromaSubsamplingX && chromaSubsamplingY ? chromaSamplePosition : 0
        let isDefault =
            !isMonochrome && chromaSubsamplingX && chromaSubsamplingY && chromaPosition == 0
            && color.isDefault
        if isDefault { return }
        writer.append(isMonochrome ? ".1." : ".0.")
        writer.append(chromaSubsamplingX ? 1 : 0)
        writer.append(chromaSubsamplingY ? 1 : 0)
        writer.append(Int(chromaPosition))
        for value in [color?.primaries, color?.transfer, color?.matrix] {
            writer.append("." as Unicode.Scalar)
            writer.append(UInt(ColorProperties.known(value)), digits: 2)
        }
        writer.append(color?.isFullRange == true ? ".1" : ".0")
    }
}

extension VP9Configuration {
    /// `vp09.00.10.08`, with all optional fields where one is not the default.
    ///
    /// VP Codec ISO Media File Format Binding, codecs parameter string
    func writeCodecString(to writer: inout TextWriter) {
        writer.append("vp09")
        for value in [profile, level, bitDepth] {
            writer.append("." as Unicode.Scalar)
            writer.append(UInt(value), digits: 2)
        }
        let colors = [primaries, transfer, matrix].map { ColorProperties.known(UInt16($0)) }
        if chromaSubsampling == 1, colors == [1, 1, 1], !isFullRange { return }
        writer.append("." as Unicode.Scalar)
        writer.append(UInt(chromaSubsampling), digits: 2)
        for value in colors {
            writer.append("." as Unicode.Scalar)
            writer.append(UInt(value), digits: 2)
        }
        writer.append(isFullRange ? ".01" : ".00")
    }
}

extension ColorProperties {
    /// A code point as codec strings say it: where unspecified (2) or absent, the default of 1.
    fileprivate static func known(_ codePoint: UInt16?) -> UInt16 {
        guard let codePoint, codePoint != 2 else { return 1 }
        return codePoint
    }
}

extension ColorProperties? {
    fileprivate var isDefault: Bool {
        guard let self else { return true }
        let values = [self.primaries, self.transfer, self.matrix]
        return values.allSatisfy { ColorProperties.known($0) == 1 } && !self.isFullRange
    }
}
