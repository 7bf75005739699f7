import ISOBMFF

/// A small MP4 file whose boxes a test can replace one by one: `ftyp`, `mdat`, `moov`.
///
/// As it stands it has one video track of four samples of 10, 20, 30 and 40 bytes, 100 of 1000
/// ticks each, two in each chunk, the first a sync sample.
struct TestFile {
    /// Place of the first byte of the media in the file.
    static let mediaOffset: UInt32 = 24
    static let mediaSize = 1000

    var fileType = box("ftyp", code("isom"), u32(0))
    var mdat = box("mdat", zeros(mediaSize))
    var movieHeader = fullBox("mvhd", u32(0, 0, 600, 0), zeros(80))
    var tracks = [TestTrack()]
    /// Boxes in `moov` behind the tracks, such as `mvex`.
    var movieExtras: [UInt8] = []
    /// Boxes behind `moov`, such as fragments.
    var tail: [UInt8] = []

    /// Makes a file of one track, changed as the test needs.
    init(_ change: (inout TestTrack) -> Void = { _ in }) {
        change(&tracks[0])
    }

    var moov: [UInt8] {
        box("moov", movieHeader, tracks.flatMap(\.bytes), movieExtras)
    }

    var bytes: [UInt8] { fileType + mdat + moov + tail }
}

/// The boxes of a `trak`.
struct TestTrack {
    static let identityMatrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000)

    var trackHeader = TestTrack.trackHeader(id: 1)
    var edits: [UInt8] = []
    var mediaHeader = fullBox("mdhd", u32(0, 0, 1000, 400), u16(0x55C4, 0))
    /// Boxes in `mdia` behind `mdhd`, such as `elng`.
    var mediaExtras: [UInt8] = []
    var handler = TestTrack.handler("vide")
    var dataInformation = box("dinf", fullBox("dref", u32(1), fullBox("url ", flags: 1)))
    var sampleEntries = TestEntry.avc
    var timeToSample = fullBox("stts", u32(1, 4, 100))
    var sampleSizes = fullBox("stsz", u32(0, 4, 10, 20, 30, 40))
    var sampleToChunk = fullBox("stsc", u32(1, 1, 2, 1))
    var chunkOffsets = fullBox("stco", u32(2, TestFile.mediaOffset, TestFile.mediaOffset + 500))
    var syncSamples = fullBox("stss", u32(1, 1))
    /// Boxes in `stbl` behind the others, such as `ctts`.
    var tableExtras: [UInt8] = []

    var bytes: [UInt8] {
        box(
            "trak",
            trackHeader,
            edits,
            box(
                "mdia",
                mediaHeader,
                mediaExtras,
                handler,
                box("minf", dataInformation, sampleTable)
            )
        )
    }

    private var sampleTable: [UInt8] {
        let descriptions = fullBox("stsd", u32(1), sampleEntries)
        return box(
            "stbl",
            descriptions,
            timeToSample,
            sampleSizes,
            sampleToChunk,
            chunkOffsets,
            syncSamples,
            tableExtras
        )
    }

    /// Makes the tables of a track whose samples are all in fragments.
    mutating func removeSamples() {
        timeToSample = fullBox("stts", u32(0))
        sampleSizes = fullBox("stsz", u32(0, 0))
        sampleToChunk = fullBox("stsc", u32(0))
        chunkOffsets = fullBox("stco", u32(0))
        syncSamples = []
    }

    static func trackHeader(
        id: UInt32,
        flags: UInt32 = 3,
        matrix: [UInt8] = identityMatrix
    ) -> [UInt8] {
        let times = u32(0, 0, id, 0, 0)
        return fullBox("tkhd", flags: flags, times, zeros(16), matrix, u32(640 << 16, 360 << 16))
    }

    static func handler(_ type: String, name: [UInt8] = code("name\0")) -> [UInt8] {
        fullBox("hdlr", u32(0), code(type), zeros(12), name)
    }
}

/// Sample entries for tests.
enum TestEntry {
    static let avcConfiguration = box(
        "avcC",
        hex("01 64 00 1F FF E1 0004 67640AAA 01 0003 68EE3C")
    )
    static let avc = visual("avc1", avcConfiguration)

    static func visual(_ type: String, _ children: [UInt8]...) -> [UInt8] {
        let front = zeros(6) + u16(1) + zeros(16) + u16(1280, 720)
        let back = u32(0x48_0000, 0x48_0000, 0) + u16(1) + zeros(32) + u16(24, 0xFFFF)
        return box(type, front, back, children.flatMap { $0 })
    }

    /// In ISO's form; `channelCount` and `sampleRate` are what its own fields say.
    static func sound(
        _ type: String,
        channelCount: UInt16 = 2,
        sampleRate: UInt32 = 48_000,
        _ children: [UInt8]...
    ) -> [UInt8] {
        let fields = zeros(6) + u16(1) + zeros(8) + u16(channelCount, 16, 0, 0)
        return box(type, fields, u32(sampleRate << 16), children.flatMap { $0 })
    }
}
