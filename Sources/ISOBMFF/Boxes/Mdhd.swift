/// Media header: timescale and language of a track.
///
/// ISO/IEC 14496-12 §8.4.2
struct Mdhd {
    let timescale: UInt32
    /// ISO 639-2 code, `und` where the field holds none.
    let language: String

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        _ = try box.readUInt64(version: version)  // creation_time
        _ = try box.readUInt64(version: version)  // modification_time
        self.timescale = try box.readUInt32()
        guard timescale > 0 else {
            throw .invalid(box: box.type, field: "timescale", value: 0)
        }
        _ = try box.readUInt64(version: version)  // duration
        self.language = Self.language(packed: try box.readUInt16())
    }

    /// Three letters of five bits each, `a` is 1; QuickTime's own codes are below 0x400 and come
    /// out as no letters.
    private static func language(packed: UInt16) -> String {
        let letters = [10, 5, 0].map { UInt8(packed >> $0 & 0x1F) }
        guard packed >= 0x400, letters.allSatisfy({ (1...26).contains($0) }) else {
            return "und"
        }
        return String(decoding: letters.map { $0 + 0x60 }, as: UTF8.self)
    }
}
