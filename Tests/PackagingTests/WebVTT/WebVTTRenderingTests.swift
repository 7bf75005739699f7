import Packaging
import Testing

struct WebVTTRenderingTests {
    private let document = WebVTTDocument(
        preamble: ["STYLE\n::cue { color: red }"],
        cues: [
            WebVTTDocument.Cue(startMilliseconds: 0, endMilliseconds: 9000, payload: "long"),
            WebVTTDocument.Cue(
                identifier: "2",
                startMilliseconds: 3999,
                endMilliseconds: 4000,
                settings: "line:0",
                payload: "two\nlines"
            ),
            WebVTTDocument.Cue(startMilliseconds: 4004, endMilliseconds: 5000, payload: "next"),
        ]
    )

    private func segment(
        _ start: Int64,
        _ duration: Int64,
        timescale: UInt32 = 1000,
        format: MediaAddress.HLSFormat = .cmaf
    ) -> String {
        let entry = SegmentEntry(
            groups: 0..<1,
            number: 1,
            start: start,
            duration: duration,
            sizeBytes: 0
        )
        return String(
            decoding: document.segment(entry, timescale: timescale, format: format),
            as: UTF8.self
        )
    }

    @Test func aSegmentRepeatsThePreambleAndItsCuesWithFullTimes() {
        #expect(
            segment(0, 4000) == """
                WEBVTT

                STYLE
                ::cue { color: red }

                00:00:00.000 --> 00:00:09.000
                long

                2
                00:00:03.999 --> 00:00:04.000 line:0
                two
                lines

                """
        )
    }

    @Test func aCueThatSpansABoundaryIsInBothSegments() {
        #expect(segment(0, 4000).contains("long"))
        #expect(segment(4000, 5000).contains("00:00:00.000 --> 00:00:09.000\nlong"))
    }

    @Test func cuesThatEndOrStartAtTheBoundaryAreInOneSegment() {
        #expect(!segment(4000, 4000).contains("two"))
        #expect(segment(4000, 4000).contains("next"))
        #expect(!segment(0, 4004).contains("next"))
    }

    @Test func boundariesAreComparedExactlyInAnyTimescale() {
        // 4.004 s is 360360 ticks: the cue that starts there is not in the segment before.
        #expect(!segment(0, 360_360, timescale: 90_000).contains("next"))
        #expect(segment(0, 360_361, timescale: 90_000).contains("next"))
        #expect(segment(360_360, 90_000, timescale: 90_000).contains("next"))
        #expect(segment(359_999, 1, timescale: 90_000).contains("two"))
    }

    @Test func aSegmentWithoutCuesIsStillAFile() {
        let text = segment(9_000_000, 4000)
        #expect(text == "WEBVTT\n\nSTYLE\n::cue { color: red }\n")
        #expect(WebVTTDocument(cues: []).bytes == Array("WEBVTT\n".utf8))
    }

    @Test func aSegmentForTransportStreamsSaysItsClock() {
        let text = segment(0, 1, format: .transportStream)
        #expect(text.hasPrefix("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"))
    }

    @Test func theWholeDocumentReadsBackAsItself() throws {
        #expect(try WebVTTDocument(parsing: document.bytes) == document)
        let late = WebVTTDocument(cues: [
            WebVTTDocument.Cue(
                startMilliseconds: 359_999_999,
                endMilliseconds: 444_445_199_999,
                payload: ""
            )
        ])
        #expect(try WebVTTDocument(parsing: late.bytes) == late)
    }
}
