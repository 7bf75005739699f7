import ISOBMFF

/// `colorInfo` of a Metadata packet. Enhanced RTMP v2, "Metadata Frame"
struct DynamicRange: Hashable {
    private(set) var color: ColorProperties?
    /// Chromaticities of red, green, blue and white, then greatest and least luminance in cd/m².
    private var mastering: [Double]?
    /// Light level of the content and of a frame on average, at most.
    private var lightLevel: (content: UInt16, average: UInt16)?

    /// Reads the packet; nil where it says nothing of it.
    init?(_ bytes: [UInt8]) {
        var reader = AMF0Reader(bytes)
        guard (try? reader.next())?.string == "colorInfo", let info = try? reader.next() else {
            return nil
        }
        if let config = info["colorConfig"] {
            func codePoint(_ name: String) -> UInt16 {
                let number = config[name]?.number ?? 2
                return (0...255).contains(number) ? UInt16(number) : 2
            }
            color = ColorProperties(
                primaries: codePoint("colorPrimaries"),
                transfer: codePoint("transferCharacteristics"),
                matrix: codePoint("matrixCoefficients"),
                isFullRange: false
            )
        }
        if let display = info["hdrMdcv"] {
            let values = Self.masteringNames.compactMap { display[$0]?.number }
            let isWhole = values.count == Self.masteringNames.count
            if isWhole, values.allSatisfy({ (0...100_000).contains($0) }) { mastering = values }
        }
        if let light = info["hdrCll"], let content = light["maxCLL"]?.number,
            let average = light["maxFall"]?.number ?? light["maxFALL"]?.number,
            (0...65_535).contains(content), (0...65_535).contains(average)
        {
            lightLevel = (UInt16(content), UInt16(average))
        }
        guard color != nil || mastering != nil || lightLevel != nil else { return nil }
    }

    private static let masteringNames = [
        "redX", "redY", "greenX", "greenY", "blueX", "blueY", "whitePointX", "whitePointY",
        "maxLuminance", "minLuminance",
    ]

    /// `mdcv` and `clli`. ISO/IEC 14496-12 §12.1.6, §12.1.7
    func writeBoxes(to writer: inout BoxWriter) {
        if let mastering {
            writer.box("mdcv") {
                // Green, blue, red, white.
                for index in [2, 3, 4, 5, 0, 1, 6, 7] {
                    $0.append(UInt16(clamping: Int(mastering[index] * 50_000 + 0.5)))
                }
                for index in [8, 9] {
                    $0.append(UInt32(clamping: Int(mastering[index] * 10_000 + 0.5)))
                }
            }
        }
        if let lightLevel {
            writer.box("clli") {
                $0.append(lightLevel.content)
                $0.append(lightLevel.average)
            }
        }
    }

    static func == (left: DynamicRange, right: DynamicRange) -> Bool {
        left.color == right.color && left.mastering == right.mastering
            && left.lightLevel?.content == right.lightLevel?.content
            && left.lightLevel?.average == right.lightLevel?.average
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(color)
        hasher.combine(mastering)
    }
}
