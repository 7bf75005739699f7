import Packaging
import Testing

struct WebVTTParsingTests {
    private func parse(_ text: String) throws -> WebVTTDocument {
        try WebVTTDocument(parsing: Array(text.utf8))
    }

    private func cue(_ start: Int64, _ end: Int64, _ payload: String) -> WebVTTDocument.Cue {
        WebVTTDocument.Cue(startMilliseconds: start, endMilliseconds: end, payload: payload)
    }

    @Test func readsCuesWithIdentifiersSettingsAndSeveralLines() throws {
        let document = try parse(
            """
            WEBVTT

            intro
            00:00:01.000 --> 00:00:02.500 line:0 position:20%
            <v Ann>Hello
            there

            00:03.000 --> 00:04.000
            Bye
            """
        )
        #expect(
            document.cues == [
                WebVTTDocument.Cue(
                    identifier: "intro",
                    startMilliseconds: 1000,
                    endMilliseconds: 2500,
                    settings: "line:0 position:20%",
                    payload: "<v Ann>Hello\nthere"
                ),
                cue(3000, 4000, "Bye"),
            ]
        )
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func acceptsEveryLineEnd(_ end: String) throws {
        let text = "WEBVTT header text\nX: y\n\n1\n00:01.000 --> 00:02.000\na\nb\n\n"
        let document = try parse(
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: end)
        )
        #expect(document.cues.map(\.payload) == ["a\nb"])
        #expect(document.cues.map(\.identifier) == ["1"])
    }

    @Test func acceptsAByteOrderMark() throws {
        let document = try WebVTTDocument(
            parsing: [0xEF, 0xBB, 0xBF] + "WEBVTT\n\n00:01.000 --> 00:02.000\na".utf8
        )
        #expect(document.cues == [cue(1000, 2000, "a")])
    }

    @Test(arguments: ["WEBVTT", "WEBVTT\n", "WEBVTT \n\n", "WEBVTT\tx\n\n\n"])
    func acceptsADocumentWithoutCues(_ text: String) throws {
        #expect(try parse(text) == WebVTTDocument(cues: []))
    }

    @Test(arguments: ["", "WEBVT", "WEBVTTX\n\n", " WEBVTT\n\n", "1\n00:01.000 --> 00:02.000\na"])
    func refusesAFileWithoutTheHeader(_ text: String) {
        #expect(throws: PackagingError.invalidSubtitles(line: 1)) { try parse(text) }
    }

    @Test func aCueMayFollowTheHeaderWithoutABlankLine() throws {
        let document = try parse("WEBVTT\n00:01.000 --> 00:02.000\na")
        #expect(document.cues == [cue(1000, 2000, "a")])
    }

    @Test func keepsStylesAndRegionsBeforeTheFirstCueOnly() throws {
        let document = try parse(
            """
            WEBVTT

            STYLE
            ::cue { color: red }

            NOTE a comment
            of two lines

            REGION
            id:fred

            00:01.000 --> 00:02.000
            a

            STYLE
            ::cue { color: blue }
            """
        )
        #expect(document.preamble == ["STYLE\n::cue { color: red }", "REGION\nid:fred"])
        #expect(document.cues == [cue(1000, 2000, "a")])
    }

    @Test(arguments: [
        "00:01.000 -> 00:02.000", "00:01.000 --> 00:60.000", "00:01,000 --> 00:02,000",
        "60:01.000 --> 60:02.000", "1:01.000 --> 1:02.000", "00:01.00 --> 00:02.00",
        "00:01.000 --> ", "--> 00:02.000", "1000000:00:00.000 --> 1000000:00:01.000",
        "00:02.000 --> 00:01.000", "00:01.000 --> 00:01.000", "00:01.0000 --> 00:02.000",
    ])
    func skipsACueWithInvalidTimings(_ line: String) throws {
        let document = try parse("WEBVTT\n\n\(line)\nbad\n\n00:05.000 --> 00:06.000\ngood")
        #expect(document.cues == [cue(5000, 6000, "good")])
    }

    @Test func timingsMayStandWithoutBlanksAndWithManyHours() throws {
        let document = try parse("WEBVTT\n\n100:00:00.001-->123456:59:59.999\t align:left \na")
        #expect(document.cues.first?.startMilliseconds == 360_000_001)
        #expect(document.cues.first?.endMilliseconds == 444_445_199_999)
        #expect(document.cues.first?.settings == "align:left")
    }

    @Test func aTimingsLineInsideAPayloadStartsTheNextCue() throws {
        let document = try parse(
            "WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb"
        )
        #expect(document.cues == [cue(1000, 2000, "a"), cue(3000, 4000, "b")])
    }

    @Test func sortsCuesByStartAndKeepsFileOrderOfEqualOnes() throws {
        let document = try parse(
            """
            WEBVTT

            00:05.000 --> 00:06.000
            c

            00:01.000 --> 00:02.000
            a

            00:01.000 --> 00:09.000
            b
            """
        )
        #expect(document.cues.map(\.payload) == ["a", "b", "c"])
    }

    @Test func repairsBytesThatAreNoTextOfUTF8() throws {
        let document = try WebVTTDocument(
            parsing: "WEBVTT\n\n00:01.000 --> 00:02.000\na".utf8 + [0, 0xFF]
        )
        #expect(document.cues.first?.payload == "a\u{FFFD}\u{FFFD}")
    }

    @Test func refusesWhatIsBeyondALimitByItsName() {
        let header = "WEBVTT\n\n"
        let longLine = String(repeating: "x", count: WebVTTLimits.lineBytes + 1)
        #expect(throws: PackagingError.limitExceeded("WebVTTLimits.lineBytes")) {
            try parse(header + longLine)
        }
        let manyCues = String(
            repeating: "00:01.000 --> 00:02.000\n",
            count: WebVTTLimits.cues + 1
        )
        #expect(throws: PackagingError.limitExceeded("WebVTTLimits.cues")) {
            try parse(header + manyCues)
        }
        let style = "STYLE\n" + String(repeating: "x", count: WebVTTLimits.lineBytes) + "\n\n"
        #expect(throws: PackagingError.limitExceeded("WebVTTLimits.preambleBytes")) {
            try parse(header + style)
        }
        let longFile = [UInt8](repeating: 0x20, count: WebVTTLimits.documentBytes + 1)
        #expect(throws: PackagingError.limitExceeded("WebVTTLimits.documentBytes")) {
            try WebVTTDocument(parsing: longFile)
        }
    }
}
