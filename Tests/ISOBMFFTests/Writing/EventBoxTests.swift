import ISOBMFF
import Testing

/// Exact bytes of the boxes that stand around fragments: `sidx`, `emsg`, `prft`.
struct EventBoxTests {
    @Test func segmentIndexHas64BitTimes() {
        var writer = BoxWriter()
        SegmentIndexBox(
            referenceID: 1,
            timescale: 90_000,
            earliestPresentationTime: 0x1_0000_0000,
            firstOffset: 16,
            references: [
                SegmentIndexBox.Reference(sizeBytes: 0x7FFF_FFFF, subsegmentDuration: 360_000),
                SegmentIndexBox.Reference(
                    sizeBytes: 5,
                    subsegmentDuration: 6,
                    startsWithSAP: false,
                    sapType: 0
                ),
            ]
        ).write(to: &writer)
        let expected =
            hex("0000 0040") + code("sidx") + hex("0100 0000 0000 0001 0001 5F90")
            + hex("0000 0001 0000 0000 0000 0000 0000 0010 0000 0002")
            + hex("7FFF FFFF 0005 7E40 9000 0000") + hex("0000 0005 0000 0006 0000 0000")
        #expect(writer.bytes == expected)
    }

    @Test func eventMessageIsVersion1() {
        var writer = BoxWriter()
        EventMessageBox(
            schemeIDURI: "urn:x",
            value: "1",
            timescale: 1000,
            presentationTime: 0x1_0000_0002,
            eventDuration: 0xFFFF_FFFF,
            id: 3,
            messageData: [0xAB]
        ).write(to: &writer)
        let expected =
            hex("0000 0029") + code("emsg") + hex("0100 0000 0000 03E8 0000 0001 0000 0002")
            + hex("FFFF FFFF 0000 0003") + code("urn:x") + [0] + code("1") + [0, 0xAB]
        #expect(writer.bytes == expected)
    }

    @Test func producerReferenceTimeNamesItsMoment() {
        var writer = BoxWriter()
        ProducerReferenceTimeBox(
            ntpTimestamp: 0xE000_0000_8000_0000,
            mediaTime: 0x1_0000_0000,
            moment: .encoderOutput
        ).write(to: &writer)
        let expected =
            hex("0000 0020") + code("prft") + hex("01 000001 0000 0001 E000 0000 8000 0000")
            + hex("0000 0001 0000 0000")
        #expect(writer.bytes == expected)
    }
}
