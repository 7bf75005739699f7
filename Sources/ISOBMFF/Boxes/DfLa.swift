/// FLAC configuration: of interest is the stream's format in its STREAMINFO block.
///
/// Encapsulation of FLAC in ISO Base Media File Format §3.3.2; RFC 9639 §8.2
struct DfLa {
    let audio: AudioProperties

    private static let streamInfoType: UInt8 = 0

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        let blockType = try box.readUInt8() & 0x7F
        guard blockType == Self.streamInfoType else {
            throw .invalid(box: box.type, field: "BlockType", value: Int64(blockType))
        }
        try box.skip(3 + 2 + 2 + 3 + 3)  // Length, block sizes, frame sizes
        let bits = try box.readUInt32()
        // 20 bits sample rate, 3 bits channels less one.
        self.audio = AudioProperties(
            channelCount: Int(bits >> 9 & 0x7) + 1,
            sampleRate: bits >> 12
        )
    }
}
