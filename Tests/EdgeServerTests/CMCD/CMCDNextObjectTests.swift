import EdgeServer
import Testing

struct CMCDNextObjectTests {
    private func next(_ reference: String, after path: String) -> String? {
        var data = CMCDData()
        data.nextObject = reference
        return data.nextObject(after: path)
    }

    @Test(arguments: [
        ("2.m4s", "/videos/a/2.m4s"), ("./2.m4s", "/videos/a/2.m4s"),
        ("../b/2.m4s", "/videos/b/2.m4s"), ("../../x", "/x"), ("/live/1.m4s", "/live/1.m4s"),
        ("2.m4s?token=1#f", "/videos/a/2.m4s"),
    ])
    func aRelativeReferenceIsResolved(_ reference: String, _ path: String) {
        #expect(next(reference, after: "/videos/a/1.m4s") == path)
    }

    @Test(arguments: [
        "", "//evil.example/x", "http://evil.example/x", "../../../x", "a//b", "..", "a/",
        "a\u{0}b", "a b", "ü", "?x", "/", "javascript:x",
    ])
    func otherAddressesAreNone(_ reference: String) {
        #expect(next(reference, after: "/videos/1.m4s") == nil)
    }

    @Test func withoutAHintThereIsNone() {
        #expect(CMCDData().nextObject(after: "/a") == nil)
    }
}
