/// Extended language: a BCP 47 tag.
///
/// ISO/IEC 14496-12 §8.4.6
struct Elng {
    /// nil where the box holds nothing that could be a tag.
    let tag: String?

    init(_ box: BoxReader, limits: ISOBMFFLimits) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        let bytes = try box.readBytes(min(box.remaining, limits.textBytes)).prefix { $0 != 0 }
        let tag = String(decoding: bytes, as: UTF8.self)
        let isTag = tag.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
        self.tag = isTag && !tag.isEmpty ? tag : nil
    }
}
