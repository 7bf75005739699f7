import ISOBMFF
import Testing

/// `tkhd`, `mdhd`, `elng`, `hdlr`, `dref`.
struct TrackHeaderTests {
    private func track(_ change: (inout TestTrack) -> Void) throws -> Track {
        try #require(try read(TestFile(change).bytes).tracks.first)
    }

    private func error(_ change: (inout TestTrack) -> Void) -> ISOBMFFError? {
        readError(TestFile(change).bytes)
    }

    @Test func readsTkhd() throws {
        let track = try track { _ in }
        #expect(track.id == 1)
        #expect(track.isEnabled)
        #expect(track.rotationDegrees == 0)
        #expect(track.displayWidth == 640)
        #expect(track.displayHeight == 360)
        #expect(track.matrix == Track.identityMatrix)
    }

    @Test func readsTkhdVersion1() throws {
        let track = try track {
            let times = u64(0, 0) + u32(7, 0) + u64(0)
            let rest = zeros(16) + TestTrack.identityMatrix + u32(64 << 16, 36 << 16)
            $0.trackHeader = fullBox("tkhd", version: 1, flags: 0, times, rest)
        }
        #expect(track.id == 7)
        #expect(!track.isEnabled)
        #expect(track.displayWidth == 64)
    }

    @Test(arguments: [
        (0, [1, 0, 0, 1]), (90, [0, 1, -1, 0]), (180, [-1, 0, 0, -1]), (270, [0, -1, 1, 0]),
        (0, [2, 0, 0, 2]), (0, [-1, 0, 0, 1]), (0, [0, 0, 0, 0]),
    ])
    func rotationComesFromTheMatrix(degrees: Int, turn: [Int32]) throws {
        let track = try track {
            let one: Int32 = 0x10000
            let matrix =
                i32(turn[0] * one, turn[1] * one, 0, turn[2] * one, turn[3] * one, 0, 0, 0)
                + u32(0x4000_0000)
            $0.trackHeader = TestTrack.trackHeader(id: 1, matrix: matrix)
        }
        #expect(track.rotationDegrees == degrees)
    }

    @Test func readsMdhd() throws {
        let track = try track {
            $0.mediaHeader = fullBox("mdhd", u32(0, 0, 90_000, 0), u16(0x15C7, 0))
        }
        #expect(track.timescale == 90_000)
        #expect(track.language == "eng")
    }

    @Test func readsMdhdVersion1() throws {
        let track = try track {
            let times = u64(0, 0) + u32(48_000) + u64(0)
            $0.mediaHeader = fullBox("mdhd", version: 1, times, u16(0x1092, 0))
        }
        #expect(track.timescale == 48_000)
        #expect(track.language == "ddr")
    }

    @Test(arguments: [0, 11, 0x7FFF, 0x55C0, 0xFFFF] as [UInt16])
    func languagesThatAreNoLettersAreUndetermined(packed: UInt16) throws {
        let track = try track {
            $0.mediaHeader = fullBox("mdhd", u32(0, 0, 1000, 0), u16(packed, 0))
        }
        #expect(track.language == "und")
    }

    @Test func elngWinsOverMdhd() throws {
        let track = try track { $0.mediaExtras = fullBox("elng", code("pt-BR\0")) }
        #expect(track.language == "pt-BR")
    }

    @Test(arguments: ["\0", "en\"/><x>\0", "a b\0"])
    func anElngThatIsNoTagIsIgnored(text: String) throws {
        let track = try track { $0.mediaExtras = fullBox("elng", code(text)) }
        #expect(track.language == "und")
    }

    @Test(
        arguments: [
            ("vide", .video), ("text", .text), ("subt", .text), ("sbtl", .text), ("clcp", .text),
            ("meta", .other("meta")),
        ] as [(String, Track.Kind)]
    )
    func kindComesFromTheHandler(handler: String, kind: Track.Kind) throws {
        #expect(try track { $0.handler = TestTrack.handler(handler) }.kind == kind)
    }

    @Test(arguments: [
        ("Director\0", "Director"), ("\u{8}Director", "Director"), ("no end", "no end"),
        ("tab\there\0more", "tabhere"), ("", ""),
    ])
    func nameComesFromTheHandler(text: String, name: String) throws {
        let track = try track { $0.handler = TestTrack.handler("vide", name: code(text)) }
        #expect(track.name == name)
    }

    @Test func timescale0() {
        let error = error { $0.mediaHeader = fullBox("mdhd", u32(0, 0, 0, 0), u16(0, 0)) }
        #expect(error == .invalid(box: "mdhd", field: "timescale", value: 0))
    }

    @Test func trackId0() {
        let error = error { $0.trackHeader = TestTrack.trackHeader(id: 0) }
        #expect(error == .invalid(box: "tkhd", field: "track_ID", value: 0))
    }

    @Test func aTkhdThatIsCutShort() {
        let error = error { $0.trackHeader = fullBox("tkhd", zeros(12)) }
        let place = UInt64(1024 + 8 + 108 + 8)
        #expect(error == .invalid(box: "tkhd", field: "track_ID", value: 0))
        let shorter = self.error { $0.trackHeader = fullBox("tkhd", u32(0, 0, 1)) }
        #expect(shorter == .truncated(box: "tkhd", offsetBytes: place))
    }

    @Test func missingBoxes() {
        #expect(error { $0.trackHeader = [] } == .missing(box: "tkhd"))
        #expect(error { $0.mediaHeader = [] } == .missing(box: "mdhd"))
        #expect(error { $0.handler = [] } == .missing(box: "hdlr"))
    }

    @Test func samplesInAnotherFile() {
        let error = error {
            $0.dataInformation = box("dinf", fullBox("dref", u32(1), fullBox("url ", code("x\0"))))
        }
        #expect(error == .unsupported(feature: .externalData))
    }

    @Test func aTrackWithoutDataReferencesIsInThisFile() throws {
        #expect(try track { $0.dataInformation = [] }.samples.count == 4)
    }
}
