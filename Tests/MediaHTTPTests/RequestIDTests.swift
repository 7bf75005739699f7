import MediaHTTP
import Testing

struct RequestIDTests {
    @Test func aNewNameIsSixteenHexadecimalDigits() {
        #expect(RequestID(value: 0x0123_4567_89AB_CDEF).description == "0123456789abcdef")
        #expect(RequestID(value: 0).description == "0000000000000000")
    }

    @Test func aSaneIncomingNameIsKept() {
        #expect(RequestID(incoming: "a-B_9.z")?.description == "a-B_9.z")
        #expect(RequestID(incoming: String(repeating: "a", count: 64)) != nil)
    }

    @Test(arguments: ["", "a b", "a\"b", "ä", "a/b", String(repeating: "a", count: 65)])
    func otherNamesAreNot(name: String) {
        #expect(RequestID(incoming: name) == nil)
    }
}
