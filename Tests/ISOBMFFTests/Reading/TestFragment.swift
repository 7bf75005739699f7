import ISOBMFF

/// A `moof` and the `mdat` behind it, for a `TestFile` that is fragmented.
struct TestFragment {
    /// Boxes of each `traf`.
    var trafs: [[UInt8]]
    var mediaSize = 100

    /// One track fragment.
    init(_ traf: [UInt8]..., mediaSize: Int = 100) {
        self.trafs = traf
        self.mediaSize = mediaSize
    }

    var moof: [UInt8] {
        box("moof", fullBox("mfhd", u32(1)), trafs.flatMap { box("traf", $0) })
    }

    var bytes: [UInt8] { moof + box("mdat", zeros(mediaSize)) }

    static let nonSync: UInt32 = 0x0101_0000
    static let sync: UInt32 = 0x0200_0000

    static func tfdt(_ time: UInt64) -> [UInt8] {
        fullBox("tfdt", version: 1, u64(time))
    }
}

extension TestFile {
    /// A file of one track whose samples are all in fragments.
    static func fragmented(
        _ fragments: TestFragment...,
        trex: [UInt8] = fullBox("trex", u32(1, 1, 100, 10, 0))
    ) -> TestFile {
        var file = TestFile { $0.removeSamples() }
        file.movieExtras = box("mvex", trex)
        file.tail = fragments.flatMap(\.bytes)
        return file
    }
}
