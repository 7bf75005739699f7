/// Bit rates of a sample entry.
///
/// ISO/IEC 14496-12 §8.5.2.2
struct Btrt {
    let maximumBitrate: UInt32
    let averageBitrate: UInt32

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readUInt32()  // bufferSizeDB
        self.maximumBitrate = try box.readUInt32()
        self.averageBitrate = try box.readUInt32()
    }
}
