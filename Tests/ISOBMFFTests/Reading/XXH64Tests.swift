import ISOBMFF
import Testing

struct XXH64Tests {
    private func ascending(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }

    @Test(arguments: [
        ("", 0xEF46_DB37_51D8_E999),
        ("a", 0xD24E_C4F1_A98C_6E5B),
        ("abc", 0x44BC_2CF5_AD77_0999),
        ("message digest", 0x066E_D728_FCEE_B3BE),
    ])
    func hashesTexts(text: String, expected: UInt64) {
        #expect(XXH64.hash(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        (32, 0, 0xCBF5_9C51_16FF_32B4),
        (101, 0, 0xE990_3849_5F85_381E),
        (101, 2_654_435_761, 0xA1C6_D417_4C37_136D),
        (0, 2_654_435_761, 0xAC75_FDA2_929B_17EF),
        (1024, 20_141_025, 0xD68C_A76F_E252_4FB7),
    ])
    func hashesAscendingBytes(count: Int, seed: UInt64, expected: UInt64) {
        #expect(XXH64.hash(ascending(count), seed: seed) == expected)
    }

    @Test func hashesAPartAsThatPartAlone() {
        let bytes = ascending(200)
        let part = Array(bytes[50..<151])
        #expect(XXH64.hash(bytes, in: 50..<151, seed: 7) == XXH64.hash(part, seed: 7))
    }
}
