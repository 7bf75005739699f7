/// Elementary stream descriptor of an `mp4a` entry.
///
/// ISO/IEC 14496-1 §7.2.6.5, ISO/IEC 14496-14 §6.7
struct Esds {
    let objectTypeIndication: UInt8
    /// Bits a second, 0 where unset.
    let maximumBitrate: UInt32
    let averageBitrate: UInt32
    /// The DecoderSpecificInfo, for AAC an AudioSpecificConfig; empty where there is none.
    let decoderSpecificInfo: [UInt8]

    private enum Tag {
        static let elementaryStream: UInt8 = 3
        static let decoderConfig: UInt8 = 4
        static let decoderSpecificInfo: UInt8 = 5
    }

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        try Self.skip(to: Tag.elementaryStream, in: &box)
        _ = try box.readUInt16()  // ES_ID
        let flags = try box.readUInt8()
        if flags & 0x80 != 0 { try box.skip(2) }  // dependsOn_ES_ID
        if flags & 0x40 != 0 { try box.skip(Int(try box.readUInt8())) }  // URL
        if flags & 0x20 != 0 { try box.skip(2) }  // OCR_ES_Id
        let configSize = try Self.skip(to: Tag.decoderConfig, in: &box)
        self.objectTypeIndication = try box.readUInt8()
        _ = try box.readUInt32()  // streamType, upStream, bufferSizeDB
        self.maximumBitrate = try box.readUInt32()
        self.averageBitrate = try box.readUInt32()
        let fixedSize = 13
        guard configSize > fixedSize, box.remaining > 2 else {
            self.decoderSpecificInfo = []
            return
        }
        let size = try Self.skip(to: Tag.decoderSpecificInfo, in: &box)
        self.decoderSpecificInfo = try box.readBytes(size)
    }

    /// Moves behind the header of the next descriptor with a tag, over descriptors of other tags.
    ///
    /// - Returns: bytes of the descriptor's payload.
    @discardableResult
    private static func skip(
        to tag: UInt8,
        in box: inout BoxReader
    ) throws(ISOBMFFError) -> Int {
        while true {
            let found = try box.readUInt8()
            let size = try readSize(in: &box)
            if found == tag { return size }
            try box.skip(size)
        }
    }

    /// Seven bits a byte, at most four bytes, the top bit says that another follows.
    private static func readSize(in box: inout BoxReader) throws(ISOBMFFError) -> Int {
        var size = 0
        for _ in 0..<4 {
            let byte = try box.readUInt8()
            size = size << 7 | Int(byte & 0x7F)
            if byte & 0x80 == 0 { break }
        }
        return size
    }
}
