/// Track extends: defaults of a track's fragments.
///
/// ISO/IEC 14496-12 §8.8.3
struct Trex {
    let trackId: UInt32
    let defaults: SampleDefaults

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        _ = try box.readVersionAndFlags()
        self.trackId = try box.readUInt32()
        self.defaults = SampleDefaults(
            descriptionNumber: try box.readUInt32(),
            duration: try box.readUInt32(),
            sizeBytes: try box.readUInt32(),
            flags: try box.readUInt32()
        )
    }
}

/// What holds of a fragment's sample where its `trun` does not say it.
struct SampleDefaults {
    /// 1-based entry of `stsd`.
    var descriptionNumber: UInt32 = 1
    var duration: UInt32 = 0
    var sizeBytes: UInt32 = 0
    var flags: UInt32 = 0
}
