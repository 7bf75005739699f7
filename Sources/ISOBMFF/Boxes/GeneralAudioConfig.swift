/// Configuration of the AAC family but USAC. ISO/IEC 14496-3 §4.4.1
struct GeneralAudioConfig {
    let hasShortFrames: Bool
    /// Counted from the program config element, where there is one.
    let channelCount: Int?

    private static let scalableTypes: Set<UInt8> = [6, 20]
    private static let errorResilientTypes: Set<UInt8> = [17, 19, 20, 23]
    private static let bitSlicedType: UInt8 = 22

    init(
        _ bits: inout BitReader,
        objectType: UInt8,
        channelConfiguration: UInt8
    ) throws(ISOBMFFError) {
        self.hasShortFrames = try bits.read(1) == 1
        if try bits.read(1) == 1 { _ = try bits.read(14) }  // coreCoderDelay
        let hasExtension = try bits.read(1) == 1
        self.channelCount =
            channelConfiguration == 0 ? try Self.readProgramConfig(&bits) : nil
        if Self.scalableTypes.contains(objectType) { _ = try bits.read(3) }  // layerNr
        guard hasExtension else { return }
        if objectType == Self.bitSlicedType { _ = try bits.read(5 + 11) }
        if Self.errorResilientTypes.contains(objectType) { _ = try bits.read(3) }
        _ = try bits.read(1)  // extensionFlag3
    }

    /// Reads a program_config_element up to its channel elements. ISO/IEC 14496-3 §4.4.1.1
    ///
    /// What stands behind those (a comment) is skipped too, as an extension may follow.
    private static func readProgramConfig(_ bits: inout BitReader) throws(ISOBMFFError) -> Int {
        _ = try bits.read(4 + 2 + 4)  // element_instance_tag, object_type, frequency index
        let front = try bits.read(4)
        let side = try bits.read(4)
        let back = try bits.read(4)
        let lowFrequency = try bits.read(2)
        let associatedData = try bits.read(3)
        let coupling = try bits.read(4)
        if try bits.read(1) == 1 { _ = try bits.read(4) }  // mono mixdown
        if try bits.read(1) == 1 { _ = try bits.read(4) }  // stereo mixdown
        if try bits.read(1) == 1 { _ = try bits.read(3) }  // matrix mixdown
        var channels = lowFrequency
        for _ in 0..<front + side + back {
            channels += try bits.read(1) == 1 ? 2 : 1
            _ = try bits.read(4)
        }
        for _ in 0..<lowFrequency + associatedData { _ = try bits.read(4) }
        for _ in 0..<coupling { _ = try bits.read(5) }
        try bits.alignToByte()
        let commentSize = try bits.read(8)
        for _ in 0..<commentSize { _ = try bits.read(8) }
        return channels
    }
}
