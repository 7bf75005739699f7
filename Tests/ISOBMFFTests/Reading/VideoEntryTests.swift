import ISOBMFF
import Testing

/// Sample entries of video tracks.
struct VideoEntryTests {
    private func entry(_ bytes: [UInt8]) throws -> SampleEntry {
        let movie = try read(TestFile { $0.sampleEntries = bytes }.bytes)
        return try #require(movie.tracks.first?.sampleEntries.first)
    }

    private func error(_ bytes: [UInt8]) -> ISOBMFFError? {
        readError(TestFile { $0.sampleEntries = bytes }.bytes)
    }

    private func avc(_ extras: [UInt8]...) -> [UInt8] {
        TestEntry.visual("avc1", TestEntry.avcConfiguration + extras.flatMap { $0 })
    }

    @Test(arguments: ["avc1", "avc3"])
    func readsAVC(format: String) throws {
        let bytes = TestEntry.visual(format, TestEntry.avcConfiguration)
        let entry = try entry(bytes)
        let configuration = AVCConfiguration(
            profile: 0x64,
            compatibility: 0,
            level: 0x1F,
            lengthSize: 4,
            sequenceParameterSets: [hex("67640AAA")],
            pictureParameterSets: [hex("68EE3C")]
        )
        #expect(entry.codec == .avc(configuration))
        #expect(entry.format.description == format)
        #expect(entry.boxBytes == bytes)
        #expect(entry.video == VideoProperties(width: 1280, height: 720))
        #expect(entry.audio == nil)
    }

    @Test(arguments: ["hvc1", "hev1", "dvh1", "dvhe"])
    func readsHEVC(format: String) throws {
        let front = hex("01 22 20000000 B00000000000 3C F000 FC FD FA FA 0000 0F")
        let arrays = hex("02 A0 0001 0002 4001 A7 0001 0003 4E0102")
        let configuration = HEVCConfiguration(
            profileSpace: 0,
            isHighTier: true,
            profile: 2,
            profileCompatibility: 0x2000_0000,
            constraints: 0xB000_0000_0000,
            level: 60,
            lengthSize: 4,
            parameterSets: [hex("4001")]
        )
        let entry = try entry(TestEntry.visual(format, box("hvcC", front + arrays)))
        #expect(entry.codec == .hevc(configuration))
    }

    @Test func readsAV1() throws {
        let entry = try entry(TestEntry.visual("av01", box("av1C", hex("81 2D CE 00"))))
        let configuration = AV1Configuration(
            profile: 1,
            level: 13,
            isHighTier: true,
            bitDepth: 10,
            isMonochrome: false,
            chromaSubsamplingX: true,
            chromaSubsamplingY: true,
            chromaSamplePosition: 2
        )
        #expect(entry.codec == .av1(configuration))
    }

    @Test func readsVP9() throws {
        let fields = hex("02 1F A3 09 10 09 0000")
        let entry = try entry(TestEntry.visual("vp09", fullBox("vpcC", version: 1, fields)))
        let configuration = VP9Configuration(
            profile: 2,
            level: 31,
            bitDepth: 10,
            chromaSubsampling: 1,
            isFullRange: true,
            primaries: 9,
            transfer: 16,
            matrix: 9
        )
        #expect(entry.codec == .vp9(configuration))
    }

    @Test func readsColorAndAspect() throws {
        let entry = try entry(
            avc(
                box("colr", code("nclx"), u16(9, 16, 9), u8(0x80)),
                box("pasp", u32(4, 3)),
                box("btrt", u32(1, 2_000_000, 1_500_000))
            )
        )
        let color = ColorProperties(primaries: 9, transfer: 16, matrix: 9, isFullRange: true)
        #expect(entry.video?.color == color)
        #expect(entry.video?.pixelAspectHorizontal == 4)
        #expect(entry.video?.pixelAspectVertical == 3)
        #expect(entry.maximumBitrate == 2_000_000)
        #expect(entry.averageBitrate == 1_500_000)
    }

    @Test func readsQuickTimesColor() throws {
        let entry = try entry(avc(box("colr", code("nclc"), u16(1, 1, 1))))
        let color = ColorProperties(primaries: 1, transfer: 1, matrix: 1, isFullRange: false)
        #expect(entry.video?.color == color)
    }

    @Test func aColorProfileDoesNotHideTheCodePoints() throws {
        let points = box("colr", code("nclx"), u16(9, 18, 9), u8(0))
        let entry = try entry(avc(points, box("colr", code("prof"), zeros(200))))
        #expect(entry.video?.color?.transfer == 18)
    }

    @Test func anAspectOf0Is1() throws {
        let entry = try entry(avc(box("pasp", u32(0, 0))))
        #expect(entry.video?.pixelAspectHorizontal == 1)
        #expect(entry.video?.pixelAspectVertical == 1)
    }

    @Test func readsHighDynamicRange() throws {
        let entry = try entry(
            avc(
                box("mdcv", zeros(24)),
                box("clli", zeros(4)),
                box("dvvC", hex("01 00 10 35 10"), zeros(19))
            )
        )
        #expect(entry.video?.hasMasteringDisplay == true)
        #expect(entry.video?.hasContentLightLevel == true)
        let vision = DolbyVisionConfiguration(profile: 8, level: 6, compatibilityId: 1)
        #expect(entry.video?.dolbyVision == vision)
    }

    @Test func quickTimeEndsItsBoxesWithZeros() throws {
        #expect(try entry(avc(zeros(4))).video?.width == 1280)
        #expect(try entry(avc(zeros(12))).video?.width == 1280)
    }

    @Test func anUnknownFormatIsKnownByItsName() throws {
        let entry = try entry(TestEntry.visual("ap4h", hex("00000003 12345678")))
        #expect(entry.codec == .other("ap4h"))
        #expect(entry.video == VideoProperties(width: 1280, height: 720))
    }

    @Test(arguments: ["encv", "drmi"])
    func encryptedVideo(format: String) throws {
        let type = FourCC(rawValue: code(format).reduce(0) { $0 << 8 | UInt32($1) })
        #expect(error(TestEntry.visual(format)) == .unsupported(feature: .encrypted(type)))
    }

    @Test func missingConfigurations() {
        #expect(error(TestEntry.visual("avc1")) == .missing(box: "avcC"))
        #expect(error(TestEntry.visual("hvc1")) == .missing(box: "hvcC"))
        #expect(error(TestEntry.visual("av01")) == .missing(box: "av1C"))
        #expect(error(TestEntry.visual("vp09")) == .missing(box: "vpcC"))
    }

    @Test func configurationsThatCannotBe() {
        func invalid(_ type: FourCC, _ field: String, _ value: Int64) -> ISOBMFFError {
            .invalid(box: type, field: field, value: value)
        }
        let version = TestEntry.visual("avc1", box("avcC", hex("02 640000 FF E0 00")))
        #expect(error(version) == invalid("avcC", "configurationVersion", 2))
        let length = TestEntry.visual("avc1", box("avcC", hex("01 640000 FE E0 00")))
        #expect(error(length) == invalid("avcC", "lengthSizeMinusOne", 2))
        let marker = TestEntry.visual("av01", box("av1C", hex("01 2D CE 00")))
        #expect(error(marker) == invalid("av1C", "version", 1))
        let hevc = TestEntry.visual("hvc1", box("hvcC", hex("02"), zeros(30)))
        #expect(error(hevc) == invalid("hvcC", "configurationVersion", 2))
    }

    @Test func parameterSetsBeyondTheirBox() {
        let bytes = TestEntry.visual("avc1", box("avcC", hex("01 640000 FF E1 FFFF 67")))
        guard case .truncated("avcC", _) = error(bytes) else {
            Issue.record("no error for a parameter set that is cut short")
            return
        }
    }

    @Test func moreEntriesThanTheLimit() {
        let file = TestFile { $0.sampleEntries = TestEntry.avc + TestEntry.avc }
        var limits = ISOBMFFLimits()
        limits.sampleEntries = 1
        let error = ISOBMFFError.tooMany(box: "stsd", count: 2, limit: 1)
        #expect(readError(file.bytes, limits: limits) == error)
    }
}
