import Packaging
import Testing
import Transcoding

struct SubtitleTests {
    @Test(arguments: [
        ("subrip", "plain", "plain"),
        ("subrip", "<i>a</i> <font color=\"#fff\">b</font>", "<i>a</i> b"),
        ("subrip", "<I>a</I>", "<i>a</i>"),
        ("subrip", "1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("subrip", "{\\an8}top", "top"),
        ("subrip", "a\r\n\r\nb", "a\nb"),
        ("subrip", "a --> b", "a --&gt; b"),
        ("webvtt", "<v Bob>hi</v>", "<v Bob>hi</v>"),
        ("webvtt", "a\n\n\nb", "a\nb"),
        ("subrip", " \n ", ""),
    ])
    func textIsWhatWebVTTTakes(codec: String, text: String, expected: String) {
        #expect(SubtitleText.webVTT(Array(text.utf8), codec: codec) == expected)
    }

    @Test func timedTextIsReadToItsLength() {
        let bytes: [UInt8] = [0, 3] + Array("a<b".utf8) + [0, 0, 0, 12] + Array("styl".utf8)
        #expect(SubtitleText.webVTT(bytes, codec: "mov_text") == "a&lt;b")
        #expect(SubtitleText.webVTT([0, 200, 65], codec: "mov_text") == "A")
        #expect(SubtitleText.webVTT([0], codec: "mov_text") == "")
    }

    private static func time(_ milliseconds: Int64) -> MediaTime {
        MediaTime(milliseconds, timescale: 1_000)
    }

    @Test func theFileIsWebVTTInOrderOfStart() throws {
        var writer = SubtitleFileWriter(codec: "webvtt")
        try writer.add(
            Array("later".utf8),
            start: Self.time(3_723_004),
            duration: Self.time(1_000),
            settings: "line:0"
        )
        try writer.add(
            Array("first".utf8),
            start: Self.time(-500),
            duration: Self.time(1_500),
            settings: ""
        )
        try writer.add([], start: Self.time(0), duration: Self.time(9), settings: "")
        try writer.add(
            Array("never".utf8),
            start: Self.time(5),
            duration: Self.time(0),
            settings: ""
        )
        #expect(
            writer.document() == """
                WEBVTT

                00:00:00.000 --> 00:00:01.000
                first

                01:02:03.004 --> 01:02:04.004 line:0
                later

                """
        )
    }

    @Test func endlessCuesAreRefused() {
        var writer = SubtitleFileWriter(codec: "webvtt")
        let limit = ImportLimits.cues
        #expect(throws: TranscodingError.tooMany(what: "subtitle cues", limit: limit)) {
            for cue in 0...Int64(limit) {
                try writer.add([65], start: Self.time(cue), duration: Self.time(1), settings: "")
            }
        }
    }
}
