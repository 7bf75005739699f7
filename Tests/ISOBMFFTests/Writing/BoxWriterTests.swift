import ISOBMFF
import Testing

struct BoxWriterTests {
    @Test func integersAreBigEndian() {
        var writer = BoxWriter()
        writer.append(UInt8(0x01))
        writer.append(UInt16(0x0203))
        writer.append(UInt32(0x0405_0607))
        writer.append(UInt64(0x0809_0A0B_0C0D_0E0F))
        #expect(writer.bytes == Array(0x01...0x0F))
    }

    @Test func boxesNestAndKnowTheirSizes() {
        var writer = BoxWriter()
        writer.box("moov") {
            $0.fullBox("trex", version: 1, flags: 0x020304) { $0.append(UInt8(0xFF)) }
        }
        let expected =
            hex("0000 0015") + code("moov") + hex("0000 000D") + code("trex") + hex("0102 0304 FF")
        #expect(writer.bytes == expected)
    }

    @Test func tablesFollowWhatWasWritten() {
        var writer = BoxWriter()
        writer.append(UInt8(9))
        writer.append(table: [1, 0xFFFF_FFFE])
        #expect(writer.bytes == hex("09 0000 0001 FFFF FFFE"))
    }

    @Test func textLosesItsZerosAndGetsOneAtItsEnd() {
        var writer = BoxWriter()
        writer.append(zeroTerminated: "a\u{0}é")
        #expect(writer.bytes == hex("61 C3 A9 00"))
    }

    @Test func timesAreAsWideAsTheVersionSays() {
        var writer = BoxWriter()
        writer.append(5, version: 0)
        writer.append(5, version: 1)
        #expect(writer.bytes == hex("0000 0005 0000 0000 0000 0005"))
    }
}
