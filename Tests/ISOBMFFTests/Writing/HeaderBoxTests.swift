import ISOBMFF
import Testing

/// Exact bytes of the boxes of a `moov` that describe the movie and its tracks.
struct HeaderBoxTests {
    private func bytes(_ write: (inout BoxWriter) -> Void) -> [UInt8] {
        var writer = BoxWriter()
        write(&writer)
        return writer.bytes
    }

    private let identity = hex(
        """
        0001 0000 0000 0000 0000 0000  0000 0000 0001 0000 0000 0000
        0000 0000 0000 0000 4000 0000
        """
    )

    @Test func fileTypeNamesItsBrands() {
        let box = FileTypeBox(majorBrand: "iso6", minorVersion: 1, compatibleBrands: ["cmfc"])
        let expected =
            hex("0000 0014") + code("ftyp") + code("iso6") + hex("0000 0001") + code("cmfc")
        #expect(bytes(box.write) == expected)
    }

    @Test func segmentTypeHasTheSameForm() {
        let box = FileTypeBox(type: "styp", majorBrand: "msdh", compatibleBrands: [])
        #expect(
            bytes(box.write) == hex("0000 0010") + code("styp") + code("msdh") + hex("0000 0000")
        )
    }

    @Test func movieHeaderIsVersion0WhileItCan() {
        let box = MovieHeaderBox(timescale: 1000, duration: 0xFFFF_FFFF, nextTrackID: 3)
        let expected =
            hex("0000 006C") + code("mvhd")
            + hex("0000 0000  0000 0000 0000 0000 0000 03E8 FFFF FFFF  0001 0000 0100 0000")
            + hex("0000 0000 0000 0000") + identity
            + [UInt8](repeating: 0, count: 24) + hex("0000 0003")
        #expect(bytes(box.write) == expected)
    }

    @Test func longMovieHeaderIsVersion1() {
        let box = MovieHeaderBox(timescale: 1000, duration: 0x1_0000_0000, nextTrackID: 3)
        let expected =
            hex("0000 0078") + code("mvhd") + hex("0100 0000")
            + [UInt8](repeating: 0, count: 16) + hex("0000 03E8 0000 0001 0000 0000")
        #expect(Array(bytes(box.write).prefix(40)) == expected)
    }

    @Test func trackHeaderHasSizeAsFixedPoint() {
        let box = TrackHeaderBox(
            trackID: 2,
            duration: 500,
            isEnabled: false,
            alternateGroup: 1,
            volume: 0x0100,
            displayWidth: 1280,
            displayHeight: 720
        )
        let expected =
            hex("0000 005C") + code("tkhd")
            + hex("00 000006  0000 0000 0000 0000 0000 0002 0000 0000 0000 01F4")
            + hex("0000 0000 0000 0000  0000 0001 0100 0000") + identity
            + hex("0500 0000 02D0 0000")
        #expect(bytes(box.write) == expected)
    }

    @Test func longTrackHeaderIsVersion1AndEnabledByDefault() {
        let box = TrackHeaderBox(trackID: 1, duration: 0x1_0000_0000)
        let start =
            hex("0000 0068") + code("tkhd") + hex("01 000007") + [UInt8](repeating: 0, count: 16)
            + hex("0000 0001 0000 0000 0000 0001 0000 0000")
        #expect(Array(bytes(box.write).prefix(44)) == start)
    }

    @Test func rotationIsKeptInTheMatrix() {
        let quarter: [UInt32] = [0, 0x1_0000, 0, 0xFFFF_0000, 0, 0, 0, 0, 0x4000_0000]
        let box = TrackHeaderBox(trackID: 1, matrix: quarter)
        let matrix = hex(
            """
            0000 0000 0001 0000 0000 0000  FFFF 0000 0000 0000 0000 0000
            0000 0000 0000 0000 4000 0000
            """
        )
        #expect(Array(bytes(box.write)[48..<84]) == matrix)
    }

    @Test func editListHasEmptyEditsAsMinusOne() {
        let box = EditListBox(entries: [
            EditListBox.Entry(segmentDuration: 700, mediaTime: nil),
            EditListBox.Entry(segmentDuration: 5000, mediaTime: 1024),
        ])
        let expected =
            hex("0000 0030") + code("edts") + hex("0000 0028") + code("elst")
            + hex("0000 0000 0000 0002")
            + hex("0000 02BC FFFF FFFF 0001 0000") + hex("0000 1388 0000 0400 0001 0000")
        #expect(bytes(box.write) == expected)
    }

    @Test(arguments: [(0x1_0000_0000 as UInt64, 0 as Int64), (0, 0x8000_0000)])
    func editListThatNeeds64BitsIsVersion1(duration: UInt64, mediaTime: Int64) {
        let box = EditListBox(entries: [
            EditListBox.Entry(segmentDuration: duration, mediaTime: mediaTime)
        ])
        let written = bytes(box.write)
        #expect(written.count == 8 + 16 + 20)
        #expect(Array(written[12..<20]) == code("elst") + hex("0100 0000"))
    }

    @Test func mediaHeaderPacksItsLanguage() {
        let box = MediaHeaderBox(timescale: 90_000, duration: 1, language: "deu")
        let expected =
            hex("0000 0020") + code("mdhd")
            + hex("0000 0000 0000 0000 0000 0000 0001 5F90 0000 0001 10B5 0000")
        #expect(bytes(box.write) == expected)
    }

    @Test func longMediaHeaderIsVersion1() {
        let box = MediaHeaderBox(timescale: 90_000, duration: 0x1_0000_0000, language: "deu")
        let written = bytes(box.write)
        #expect(written.count == 44)
        #expect(Array(written.suffix(12)) == hex("0000 0001 0000 0000 10B5 0000"))
    }

    @Test func extendedLanguageIsATag() {
        let expected = hex("0000 0012") + code("elng") + hex("0000 0000") + code("pt-BR") + [0]
        #expect(bytes(ExtendedLanguageBox(tag: "pt-BR").write) == expected)
    }

    @Test(arguments: [(Track.Kind.video, "vide"), (.audio, "soun"), (.text, "text")])
    func handlerNamesTheKind(kind: Track.Kind, type: String) {
        let expected =
            hex("0000 0023") + code("hdlr") + hex("0000 0000 0000 0000") + code(type)
            + [UInt8](repeating: 0, count: 12) + code("ab") + [0]
        #expect(bytes(HandlerBox(kind: kind, name: "ab").write) == expected)
    }

    @Test(arguments: [
        (Track.Kind.video, "0000 0014", "vmhd", "0000 0001 0000 0000 0000 0000"),
        (.audio, "0000 0010", "smhd", "0000 0000 0000 0000"),
        (.text, "0000 000C", "nmhd", "0000 0000"),
    ])
    func everyKindHasItsMediaHeader(kind: Track.Kind, size: String, type: String, rest: String) {
        let expected = hex(size) + code(type) + hex(rest)
        #expect(bytes(MediaInformationHeaderBox(kind: kind).write) == expected)
    }

    @Test func samplesLieInTheFileItself() {
        let expected =
            hex("0000 0024") + code("dinf") + hex("0000 001C") + code("dref")
            + hex("0000 0000 0000 0001") + hex("0000 000C") + code("url ") + hex("0000 0001")
        #expect(bytes(DataInformationBox().write) == expected)
    }

    @Test func trackExtendsHasNoDefaultsButItsDescription() {
        let expected =
            hex("0000 0020") + code("trex") + hex("0000 0000 0000 0004 0000 0001")
            + [UInt8](repeating: 0, count: 12)
        #expect(bytes(TrackExtendsBox(trackID: 4).write) == expected)
    }
}
