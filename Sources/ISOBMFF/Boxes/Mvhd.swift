/// Movie header: of interest is the timescale of edit lists.
///
/// ISO/IEC 14496-12 §8.2.2
struct Mvhd {
    let timescale: UInt32

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        _ = try box.readUInt64(version: version)  // creation_time
        _ = try box.readUInt64(version: version)  // modification_time
        self.timescale = try box.readUInt32()
        guard timescale > 0 else {
            throw .invalid(box: box.type, field: "timescale", value: 0)
        }
    }
}
