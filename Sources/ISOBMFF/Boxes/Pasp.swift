/// Pixel aspect ratio.
///
/// ISO/IEC 14496-12 §12.1.4
struct Pasp {
    let horizontal: UInt32
    let vertical: UInt32

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (horizontal, vertical) = (try box.readUInt32(), try box.readUInt32())
        // Writers that know no ratio leave zeros.
        let isSet = horizontal > 0 && vertical > 0
        self.horizontal = isSet ? horizontal : 1
        self.vertical = isSet ? vertical : 1
    }
}
