import ISOBMFF
import Packaging
import TestSupport
import Testing

struct EmbeddedTextTests {
    private typealias Cue = WebVTTDocument.Cue

    private func text(of fixture: String) async throws -> EmbeddedText {
        let source = MemoryByteSource(try await Fixture.bytes(fixture))
        let track = try MovieReader.read(source).tracks.first { EmbeddedText.reads($0) }
        return try EmbeddedText(try #require(track), name: fixture, in: source)
    }

    @Test func timedTextIsPlainCues() async throws {
        let text = try await text(of: "tx3g")
        #expect(text.language == "en")
        let cues = try text.document.get().cues
        #expect(cues.count == 12)
        #expect(cues.map(\.startMilliseconds) == (0..<12).map { $0 * 1000 + 200 })
        #expect(cues.map(\.endMilliseconds) == (0..<12).map { $0 * 1000 + 900 })
        #expect(cues[3].payload == "second 3 &lt;&amp;&gt;\nline 2")
    }

    @Test func webVTTKeepsStyleSettingsAndCuesThatGoOn() async throws {
        let text = try await text(of: "wvtt")
        #expect(text.language == "de")
        let document = try text.document.get()
        #expect(document.preamble == ["STYLE\n::cue { color: yellow }"])
        #expect(
            document.cues == [
                Cue(
                    identifier: "first",
                    startMilliseconds: 1000,
                    endMilliseconds: 3000,
                    settings: "line:0",
                    payload: "<i>eins</i>"
                ), Cue(startMilliseconds: 2500, endMilliseconds: 3000, payload: "zwei"),
                Cue(
                    startMilliseconds: 4000,
                    endMilliseconds: 5000,
                    payload: "drei &amp; vier\n5 --&gt; 6"
                ),
            ]
        )
    }

    /// A track of one second a sample.
    private func read(
        _ codec: Codec,
        _ samples: [[UInt8]],
        edit: Edit = Edit(),
        sizesBytes: [UInt32]? = nil
    ) throws -> EmbeddedText {
        let sizes = sizesBytes ?? samples.map { UInt32($0.count) }
        let track = Track(
            id: 3,
            kind: .text,
            timescale: 10,
            language: "fra",
            edit: edit,
            sampleEntries: [SampleEntry(format: "tx3g", boxBytes: [], codec: codec)],
            samples: SampleTable(
                sizesBytes: sizes,
                offsetsBytes: MovieBuilder.touching(sizes, from: 0),
                durations: samples.map { _ in 10 }
            )
        )
        let bytes = samples.flatMap { $0 }
        return try EmbeddedText(track, name: "a.mp4", in: MemoryByteSource(bytes))
    }

    private func timed(_ text: [UInt8]) -> [UInt8] { [0, UInt8(text.count)] + text }

    @Test func textInUTF16IsRead() throws {
        let high: [UInt8] = [0xFE, 0xFF, 0x00, 0xE9, 0x26, 0x6A]
        let low: [UInt8] = [0xFF, 0xFE, 0xE9, 0x00, 0x6A, 0x26]
        let cues = try read(.timedText, [timed(high), timed(low)]).document.get().cues
        // Equal texts that touch are one cue.
        #expect(cues == [Cue(startMilliseconds: 0, endMilliseconds: 2000, payload: "é♪")])
    }

    @Test func blankLinesAndArrowsCannotEndACue() throws {
        let text = timed(Array("a\r\n\r\n00:01 --> 00:02\n\nb".utf8))
        let cues = try read(.timedText, [text]).document.get().cues
        #expect(cues.map(\.payload) == ["a\n00:01 --&gt; 00:02\nb"])
    }

    @Test func stylesBehindTheTextAreLeftOut() throws {
        let styled = timed(Array("hi".utf8)) + [0, 0, 0, 10] + Array("styl".utf8) + [0, 0]
        #expect(try read(.timedText, [styled]).document.get().cues.map(\.payload) == ["hi"])
    }

    @Test func anEditMovesCues() throws {
        let samples = [timed([0x61]), timed([0x62]), timed([0x63])]
        let edit = Edit(emptyDuration: 5, mediaTime: 15)
        let cues = try read(.timedText, samples, edit: edit).document.get().cues
        #expect(cues.map(\.payload) == ["a", "b", "c"].suffix(cues.count))
        #expect(cues.last?.startMilliseconds == 1000)
        #expect(cues.last?.endMilliseconds == 2000)
    }

    @Test func textLongerThanItsSampleIsDamage() throws {
        let text = try read(.timedText, [[0, 9, 0x61]])
        #expect(throws: PackagingError.damagedSamples(file: "a.mp4")) { try text.document.get() }
        let cue = try read(.webVTT, [[0, 0, 0, 99] + Array("vttc".utf8)])
        #expect(throws: PackagingError.damagedSamples(file: "a.mp4")) { try cue.document.get() }
    }

    @Test func moreTextThanAFileMayHoldIsNotRead() throws {
        let text = try read(.timedText, [[0, 1, 0x61]], sizesBytes: [UInt32.max])
        #expect(throws: PackagingError.limitExceeded("WebVTTLimits.documentBytes")) {
            try text.document.get()
        }
    }

    private func index(_ texts: [EmbeddedText], subtitles: [SubtitleFile] = []) throws -> AssetIndex
    {
        let video = MovieBuilder.file(MovieBuilder.video(frames: 100, gop: 50))
        return try AssetIndex.build(
            from: AssetSource(files: [video], subtitles: subtitles, texts: texts),
            configuration: PackagingConfiguration()
        )
    }

    @Test func itIsASubtitleTrackBesideTheFiles() throws {
        let text = try read(.timedText, [timed([0x61])])
        let file = SubtitleFile(name: "fr.vtt", language: "fr", bytes: Array("WEBVTT\n".utf8))
        let both = try index([text], subtitles: [file])
        #expect(both.subtitles.map(\.name) == ["text-fr", "text-fr-2"])
        #expect(try index([text, text]).subtitles.map(\.name) == ["text-fr"])
        #expect(try AssetIndex(serialized: both.serialized()) == both)
    }

    @Test func otherTextIsAnotherVersion() throws {
        let one = try index([read(.timedText, [timed([0x61])])])
        let other = try index([read(.timedText, [timed([0x62])])])
        #expect(one.version != other.version)
    }

    @Test func whatCannotBeReadIsAnOmission() throws {
        let index = try index([read(.timedText, [[0, 9, 0x61]])])
        #expect(index.subtitles.isEmpty)
        #expect(index.omissions.map(\.reason) == ["the samples of a.mp4 are damaged"])
    }
}
