extension SampleEntry {
    /// Reads one entry that stands in no file: a whole box, made from what an encoder sent.
    ///
    /// Throws `ISOBMFFError` where the bytes are no entry of that kind.
    package init(boxBytes: [UInt8], kind: Track.Kind) throws(ISOBMFFError) {
        // version, flags and entry_count of the `stsd` around it
        let box = BoxReader(type: "stsd", bytes: [0, 0, 0, 0, 0, 0, 0, 1] + boxBytes)
        let description = try Stsd(box, kind: kind, limits: .default)
        guard description.entries.count == 1, let entry = description.entries.first else {
            throw .invalid(
                box: "stsd",
                field: "entry_count",
                value: Int64(description.entries.count)
            )
        }
        self = entry
    }
}
