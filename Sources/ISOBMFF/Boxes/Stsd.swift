/// Sample descriptions: how the samples of a track are coded, an entry for each way.
///
/// ISO/IEC 14496-12 §8.5.2
struct Stsd {
    let entries: [SampleEntry]
    /// 1-based data reference of each entry.
    let dataReferenceNumbers: [UInt16]

    init(
        _ box: BoxReader,
        kind: Track.Kind,
        limits: ISOBMFFLimits
    ) throws(ISOBMFFError) {
        var box = box
        let (version, _) = try box.readVersionAndFlags()
        _ = try box.readUInt32()  // entry_count: the boxes say it themselves
        var entries: [SampleEntry] = []
        var references: [UInt16] = []
        while let child = try box.nextBox() {
            guard entries.count < limits.sampleEntries else {
                let limit = UInt64(limits.sampleEntries)
                throw .tooMany(box: box.type, count: limit + 1, limit: limit)
            }
            let (entry, reference) = try Self.entry(child, kind: kind, stsdVersion: version)
            entries.append(entry)
            references.append(reference)
        }
        guard !entries.isEmpty else { throw .missing(box: box.type) }
        self.entries = entries
        self.dataReferenceNumbers = references
    }

    private static let encryptedFormats: Set<FourCC> = [
        "encv", "enca", "enct", "encs", "drmi", "drms",
    ]

    private static func entry(
        _ box: BoxReader,
        kind: Track.Kind,
        stsdVersion: UInt8
    ) throws(ISOBMFFError) -> (SampleEntry, dataReferenceNumber: UInt16) {
        guard !encryptedFormats.contains(box.type) else {
            throw .unsupported(feature: .encrypted(box.type))
        }
        var payload = box
        try payload.skip(6)
        let reference = try payload.readUInt16()
        switch kind {
        case .video:
            return (try VisualSampleEntry(payload).entry, reference)
        case .audio:
            return (try AudioSampleEntry(payload, stsdVersion: stsdVersion).entry, reference)
        case .text, .other:
            let codec: Codec =
                switch box.type {
                case "wvtt": .webVTT
                case "tx3g": .timedText
                default: .other(box.type)
                }
            let entry = SampleEntry(format: box.type, boxBytes: box.boxBytes, codec: codec)
            return (entry, reference)
        }
    }
}
