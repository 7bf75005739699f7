import OriginServer
import Testing

struct PagesTests {
    @Test func textFromOutsideIsEscaped() {
        #expect(HTML.escaped(#"<b a="1">'&"#) == "&lt;b a=&quot;1&quot;&gt;&#39;&amp;")
    }

    @Test func embeddedJSONCannotEndItsScript() {
        let json = HTML.embedded(json: #"{"a":"</script>"}"#)
        #expect(!json.contains("</"))
    }

    @Test(arguments: [(0.0, "0:00"), (65.9, "1:05"), (3723.0, "1:02:03")])
    func lengthsReadAsOnAClock(seconds: Double, expected: String) {
        #expect(LibraryPage.clock(seconds) == expected)
    }
}
