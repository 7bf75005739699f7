import Cryptography
import Testing

struct Base64URLTests {
    /// RFC 4648 §10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func givesTheTextsOfTheStandard(bytes: String, text: String) {
        #expect(Base64URL.encode(bytes.utf8) == text)
        #expect(Base64URL.decode(text) == Array(bytes.utf8))
    }

    @Test func usesTheAlphabetForAddresses() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(Base64URL.decode("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test(arguments: ["Zg==", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n", "Zm\u{E9}v", "Zm9\0"])
    func refusesOtherTexts(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func refusesASecondTextForTheSameBytes() {
        // The last character's low bits stand for no byte.
        #expect(Base64URL.decode("Zh") == nil)
        #expect(Base64URL.decode("Zm9") == nil)
    }

    @Test func refusesMoreThanThereIsRoomFor() {
        var room = [UInt8](repeating: 0, count: 2)
        var output = room.mutableSpan
        #expect(Base64URL.decode("Zm9v".utf8.span, into: &output) == nil)
        #expect(Base64URL.decode("Zm8".utf8.span, into: &output) == 2)
        #expect(room == Array("fo".utf8))
    }

    @Test func everyByteSurvives() {
        for count in 0..<6 {
            for byte in UInt8.min...UInt8.max {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            }
        }
    }
}
