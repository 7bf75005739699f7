import ISOBMFF
import Testing

struct PackedLanguageTests {
    @Test(arguments: [
        ("und", 0x55C4), ("deu", 0x10B5), ("de", 0x10B5), ("pt-BR", 0x41F2), ("EN", 0x15C7),
        ("zu", 0x6AAC), ("aa", 0x0432),
    ])
    func languagesHaveThreeLettersOfFiveBits(tag: String, packed: Int) {
        #expect(PackedLanguage(tag: tag).rawValue == UInt16(packed))
    }

    @Test(arguments: ["", "q", "xx", "english", "d1", "é", "-", "ab "])
    func whatIsNoLanguageIsUndetermined(tag: String) {
        #expect(PackedLanguage(tag: tag) == .undetermined)
    }

    @Test func onlyThreeLettersAreWhole() {
        #expect(PackedLanguage.isWhole("deu"))
        #expect(!PackedLanguage.isWhole("de"))
        #expect(!PackedLanguage.isWhole("pt-BR"))
    }
}
