import ISOBMFF
import Segmenting
import Testing

struct LiveMultivariantTests {
    private static func text(_ fixture: LivePlaylistFixture) -> String {
        String(decoding: LiveHLS.multivariant(fixture.presentation, scope: .live), as: UTF8.self)
    }

    @Test func oneVideoWithItsAudioIsOneVariant() {
        var fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(), LivePlaylistFixture.audio(language: "de"),
        ])
        fixture.segments(1)
        fixture.presentation.renditions[0].averageBitrate = 1_900_000
        fixture.presentation.renditions[0].peakBitrate = 2_100_000
        fixture.presentation.renditions[1].averageBitrate = 96_000
        fixture.presentation.renditions[1].peakBitrate = 98_000
        let expected = """
            #EXTM3U
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",LANGUAGE="de",NAME="de",DEFAULT=YES,\
            AUTOSELECT=YES,CHANNELS="2",URI="a0.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=2198000,AVERAGE-BANDWIDTH=1996000,\
            CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,VIDEO-RANGE=SDR,FRAME-RATE=30.000,\
            AUDIO="aac"
            v0.m3u8

            """
        #expect(Self.text(fixture) == expected)
        #expect(LiveHLS.multivariant(fixture.presentation, scope: .rewind) == Array(expected.utf8))
    }

    @Test func beforeAnythingWasMeasuredTheEncoderIsBelieved() {
        var video = LivePlaylistFixture.video()
        video.declaredBitrate = 3_000_000
        let text = Self.text(LivePlaylistFixture([video]))
        #expect(text.contains("BANDWIDTH=3000000,AVERAGE-BANDWIDTH=3000000,"))
        #expect(!text.contains("INDEPENDENT"), "no segment is known to be")
        let unknown = Self.text(LivePlaylistFixture([LivePlaylistFixture.video()]))
        #expect(unknown.contains("BANDWIDTH=5000000,"))
    }

    @Test func independenceIsSaidOnlyWhereAllSegmentsAre() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(2)
        #expect(Self.text(fixture).contains("#EXT-X-INDEPENDENT-SEGMENTS\n"))
        fixture.change(LiveTrackID(.video), segment: 1) { $0.start.isIndependent = false }
        #expect(!Self.text(fixture).contains("INDEPENDENT"))
    }

    @Test func everyVideoComesWithEveryEncodingOfTheAudio() {
        var fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(0), LivePlaylistFixture.video(1),
            LivePlaylistFixture.audio(0, entry: LivePlaylistFixture.lossless, language: "en"),
            LivePlaylistFixture.audio(1, language: "en"),
            LivePlaylistFixture.audio(2, language: "fr"),
        ])
        fixture.presentation.renditions[0].track.declaredBitrate = 4_000_000
        fixture.presentation.renditions[1].track.declaredBitrate = 1_000_000
        let lines = Self.text(fixture).split(separator: "\n")
        let variants = lines.filter { $0.hasPrefix("#EXT-X-STREAM-INF") }
        #expect(variants.count == 4)
        #expect(
            lines.filter { !$0.hasPrefix("#") } == ["v1.m3u8", "v0.m3u8", "v0.m3u8", "v1.m3u8"]
        )
        let media = lines.filter { $0.hasPrefix("#EXT-X-MEDIA") }
        #expect(media.count == 4)
        // French comes in AAC only and stands in for itself in the other group.
        let lossless = variants.filter { $0.contains("AUDIO=\"flac\"") }
        #expect(lossless.count == 2)
        #expect(lossless.allSatisfy { $0.contains("CODECS=\"avc1.64001f,fLaC,mp4a.40.2\"") })
        #expect(media.count { $0.contains("URI=\"a2.m3u8\"") } == 2)
        #expect(media.count { $0.contains("DEFAULT=YES") } == 2)
    }

    @Test func tracksOfOneLanguageAreChoicesWithNamesOfTheirOwn() {
        let fixture = LivePlaylistFixture([
            LivePlaylistFixture.video(), LivePlaylistFixture.audio(0),
            LivePlaylistFixture.audio(1), LivePlaylistFixture.audio(2, label: "Game \"only\""),
        ])
        let text = Self.text(fixture)
        for name in ["NAME=\"main\"", "NAME=\"main (2)\"", "NAME=\"Game 'only'\""] {
            #expect(text.contains(name))
        }
        #expect(text.split(separator: "\n").count { $0.contains("GROUP-ID=\"aac\"") } == 3)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("#EXT-X-STREAM-INF") } == 1)
    }

    @Test func soundAloneIsAVariantAndNoRendition() {
        let text = Self.text(LivePlaylistFixture([LivePlaylistFixture.audio()]))
        #expect(
            text == """
                #EXTM3U
                #EXT-X-STREAM-INF:BANDWIDTH=160000,AVERAGE-BANDWIDTH=160000,CODECS="mp4a.40.2"
                a0.m3u8

                """
        )
    }

    @Test func captionsThatWereSeenAreAnnouncedAndOthersNotRuledOut() {
        var video = LivePlaylistFixture.video()
        #expect(!Self.text(LivePlaylistFixture([video])).contains("CAPTIONS"))
        video.hasCaptions = true
        let text = Self.text(LivePlaylistFixture([video]))
        #expect(text.contains("TYPE=CLOSED-CAPTIONS,GROUP-ID=\"captions\""))
        #expect(text.contains("INSTREAM-ID=\"CC1\""))
        #expect(text.contains(",CLOSED-CAPTIONS=\"captions\""))
    }

    @Test func aChangedFormatIsToldAsItIsNow() {
        var fixture = LivePlaylistFixture([LivePlaylistFixture.video()])
        fixture.segments(2)
        var entry = LivePlaylistFixture.avc
        entry.video?.width = 1920
        entry.video?.height = 1080
        fixture.presentation.renditions[0].track.sampleEntry = entry
        fixture.presentation.renditions[0].track.frameDuration = nil
        let text = Self.text(fixture)
        #expect(text.contains("RESOLUTION=1920x1080") && !text.contains("FRAME-RATE"))
    }
}
