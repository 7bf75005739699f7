/// Track fragment header: whose fragment it is, where its data starts, what holds by default.
///
/// ISO/IEC 14496-12 §8.8.7
struct Tfhd {
    let trackId: UInt32
    let baseDataOffset: UInt64?
    let isDefaultBaseMoof: Bool
    private let descriptionNumber: UInt32?
    private let duration: UInt32?
    private let sizeBytes: UInt32?
    private let flags: UInt32?

    private enum Flag {
        static let baseDataOffset: UInt32 = 0x00_0001
        static let descriptionNumber: UInt32 = 0x00_0002
        static let duration: UInt32 = 0x00_0008
        static let size: UInt32 = 0x00_0010
        static let flags: UInt32 = 0x00_0020
        static let defaultBaseIsMoof: UInt32 = 0x02_0000
    }

    init(_ box: BoxReader) throws(ISOBMFFError) {
        var box = box
        let (_, present) = try box.readVersionAndFlags()
        self.trackId = try box.readUInt32()
        self.isDefaultBaseMoof = present & Flag.defaultBaseIsMoof != 0
        self.baseDataOffset = present & Flag.baseDataOffset != 0 ? try box.readUInt64() : nil
        self.descriptionNumber = present & Flag.descriptionNumber != 0 ? try box.readUInt32() : nil
        self.duration = present & Flag.duration != 0 ? try box.readUInt32() : nil
        self.sizeBytes = present & Flag.size != 0 ? try box.readUInt32() : nil
        self.flags = present & Flag.flags != 0 ? try box.readUInt32() : nil
    }

    /// The defaults of this fragment, those of `trex` where it says nothing.
    func defaults(inheriting trex: SampleDefaults) -> SampleDefaults {
        SampleDefaults(
            descriptionNumber: descriptionNumber ?? trex.descriptionNumber,
            duration: duration ?? trex.duration,
            sizeBytes: sizeBytes ?? trex.sizeBytes,
            flags: flags ?? trex.flags
        )
    }
}
