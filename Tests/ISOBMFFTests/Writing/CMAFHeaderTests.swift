import ISOBMFF
import Testing

struct CMAFHeaderTests {
    private func header(
        kind: Track.Kind = .video,
        language: String = "deu",
        editMediaTime: Int64 = 0,
        codecBrands: [FourCC] = []
    ) -> [UInt8] {
        CMAFHeader(
            kind: kind,
            name: "",
            timescale: 90_000,
            language: language,
            displayWidth: 16,
            displayHeight: 9,
            editMediaTime: editMediaTime,
            sampleEntry: hex("0000 0008") + code("avc1"),
            codecBrands: codecBrands
        ).bytes
    }

    /// The types of all boxes in `bytes`, containers followed into, in the order of the file.
    private func types(_ bytes: ArraySlice<UInt8>) -> [String] {
        let containers: Set = ["moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex"]
        var types: [String] = []
        var rest = bytes
        while rest.count >= 8 {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
            types.append(type)
            if containers.contains(type) {
                types += self.types(rest.prefix(size).dropFirst(8))
            }
            rest = rest.dropFirst(size)
        }
        return types
    }

    @Test func videoHeaderHasTheBoxesOfCMAFInOrder() {
        #expect(
            types(header(editMediaTime: 7200)[...]) == [
                "ftyp", "moov", "mvhd", "trak", "tkhd", "edts", "elst", "mdia", "mdhd", "hdlr",
                "minf", "vmhd", "dinf", "dref", "stbl", "stsd", "stts", "stsc", "stsz", "stco",
                "mvex", "trex",
            ]
        )
    }

    @Test func oneEditOfMediaTimeLastsToTheEnd() {
        let bytes = header(editMediaTime: 7200)
        let edit =
            hex("0000 001C") + code("elst") + hex("0000 0000 0000 0001")
            + hex("0000 0000 0000 1C20 0001 0000")
        #expect(bytes.firstRange(of: edit) != nil)
    }

    @Test func withoutAnEditThereIsNoEditList() {
        #expect(!types(header()[...]).contains("elst"))
    }

    @Test func tagsThatAreNoThreeLettersStandInElng() {
        let all = types(header(language: "pt-BR")[...])
        #expect(all.contains("elng"))
        #expect(!types(header(language: "por")[...]).contains("elng"))
    }

    @Test func cmf2IsNamedOnlyWhereNoVideoHasAnEdit() {
        let fileType = { (brands: String) in
            let size = UInt8(16 + brands.utf8.count)
            return [0, 0, 0, size] + code("ftyp" + "iso6") + [0, 0, 0, 0] + code(brands)
        }
        #expect(header().starts(with: fileType("iso6cmfccmf2")))
        #expect(header(editMediaTime: 1).starts(with: fileType("iso6cmfc")))
        let sound = header(kind: .audio, editMediaTime: 1, codecBrands: ["dby1"])
        #expect(sound.starts(with: fileType("iso6cmfccmf2dby1")))
    }

    @Test func soundHasVolumeAndPicturesHaveNone() {
        #expect(header(kind: .audio).firstRange(of: hex("0000 0000 0100 0000 0001 0000")) != nil)
        #expect(types(header(kind: .audio)[...]).contains("smhd"))
    }
}
