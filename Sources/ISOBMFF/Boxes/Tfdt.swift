/// Track fragment decode time: of the fragment's first sample, in the track's timescale.
///
/// ISO/IEC 14496-12 §8.8.12
struct Tfdt {
    let baseMediaDecodeTime: Int64

    /// Times beyond this are refused, so that sums of durations stay in range.
    private static let maximum: UInt64 = 1 << 60

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        let time = try box.readUInt64(version: version)
        guard time <= Self.maximum else {
            let value = Int64(clamping: time)
            throw .invalid(box: box.type, field: "baseMediaDecodeTime", value: value)
        }
        self.baseMediaDecodeTime = Int64(time)
    }
}
