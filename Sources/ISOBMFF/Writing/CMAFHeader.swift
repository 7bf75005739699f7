/// What a player reads before a track's first segment: `ftyp` and a `moov` without samples.
///
/// ISO/IEC 23000-19 §7.3.2.1
package struct CMAFHeader: Hashable, Sendable {
    package var kind: Track.Kind
    package var name: String
    package var timescale: UInt32
    /// BCP 47.
    package var language: String
    package var matrix: [UInt32]
    package var displayWidth: Int
    package var displayHeight: Int
    /// Composition time at which the presentation starts; 0 writes no edit list.
    package var editMediaTime: Int64
    /// The one description that all samples follow: a whole box.
    package var sampleEntry: [UInt8]
    /// Brands that the coding asks for, beside those of CMAF: `av01`, `dby1`.
    package var codecBrands: [FourCC]

    package init(
        kind: Track.Kind,
        name: String = "",
        timescale: UInt32,
        language: String = "und",
        matrix: [UInt32] = Track.identityMatrix,
        displayWidth: Int = 0,
        displayHeight: Int = 0,
        editMediaTime: Int64 = 0,
        sampleEntry: [UInt8],
        codecBrands: [FourCC] = []
    ) {
        self.kind = kind
        self.name = name
        self.timescale = timescale
        self.language = language
        self.matrix = matrix
        self.displayWidth = displayWidth
        self.displayHeight = displayHeight
        self.editMediaTime = editMediaTime
        self.sampleEntry = sampleEntry
        self.codecBrands = codecBrands
    }

    /// Every CMAF track of ours has this number: a header describes one track only.
    package static let trackID: UInt32 = 1

    /// `cmf2` forbids an edit list in a video track. ISO/IEC 23000-19 §7.2
    private var brands: [FourCC] {
        let isCMF2 = kind != .video || editMediaTime == 0
        return ["iso6", "cmfc"] + (isCMF2 ? ["cmf2"] : []) + codecBrands
    }

    /// The header's bytes.
    package var bytes: [UInt8] {
        let track = TrackBox(
            header: TrackHeaderBox(
                trackID: Self.trackID,
                volume: kind == .audio ? 0x0100 : 0,
                matrix: matrix,
                displayWidth: displayWidth,
                displayHeight: displayHeight
            ),
            kind: kind,
            name: name,
            media: MediaHeaderBox(timescale: timescale, language: language),
            edits: editMediaTime == 0
                ? [] : [EditListBox.Entry(segmentDuration: 0, mediaTime: editMediaTime)],
            sampleTable: SampleTableBox(sampleEntries: [sampleEntry])
        )
        var writer = BoxWriter(reservingBytes: 1024 + sampleEntry.count)
        FileTypeBox(majorBrand: "iso6", compatibleBrands: brands).write(to: &writer)
        MovieBox(timescale: timescale, tracks: [track], isFragmented: true).write(to: &writer)
        return writer.bytes
    }
}
