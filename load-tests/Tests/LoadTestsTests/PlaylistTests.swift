import LoadTests
import Testing

/// RFC 8216bis §4, as far as players here need it.
struct PlaylistTests {
    @Test func variantsComeLowestFirstWithTheirAudio() throws {
        let playlist = try Playlist(
            """
            #EXTM3U
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English, plain",URI="en/a.m3u8"
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch",DEFAULT=YES,URI="de/a.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="x",URI="s.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=3000000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
            high.m3u8
            #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI="i.m3u8"
            #EXT-X-STREAM-INF:AUDIO="a",BANDWIDTH=800000
            low.m3u8
            """
        )
        guard case .multivariant(let multivariant) = playlist else {
            Issue.record("a multivariant playlist was taken for another")
            return
        }
        #expect(multivariant.variants.map(\.address) == ["low.m3u8", "high.m3u8"])
        #expect(multivariant.variants.map(\.bandwidth) == [800_000, 3_000_000])
        #expect(multivariant.audioAddress(beside: multivariant.variants[0]) == "de/a.m3u8")
    }

    @Test func aLivePlaylistTellsItsEdge() throws {
        let playlist = try Playlist(
            "#EXTM3U\r\n#EXT-X-TARGETDURATION:4\r\n"
                + "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.0,HOLD-BACK=12\r\n"
                + "#EXT-X-PART-INF:PART-TARGET=1.0\r\n#EXT-X-MEDIA-SEQUENCE:7\r\n"
                + "#EXT-X-MAP:URI=\"init.mp4\"\r\n#EXTINF:4.0,\r\ns7.m4s\r\n"
                + "#EXT-X-PART:DURATION=1.0,URI=\"p8.0\",INDEPENDENT=YES\r\n"
                + "#EXT-X-PART:DURATION=1.0,URI=\"p8.1\"\r\n#EXTINF:2.0,\r\ns8.m4s\r\n"
                + "#EXT-X-PART:DURATION=1.0,URI=\"p9.0\",INDEPENDENT=YES\r\n"
                + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p9.1\"\r\n"
                + "#EXT-X-RENDITION-REPORT:URI=\"../a/m.m3u8\",LAST-MSN=9,LAST-PART=0\r\n"
        )
        guard case .media(let media) = playlist else {
            Issue.record("a media playlist was taken for another")
            return
        }
        #expect(media.nextSequenceNumber == 9)
        #expect(media.content.canBlockReload)
        #expect(media.content.partHoldBackSeconds == 3)
        #expect(media.content.holdBackSeconds == 12)
        #expect(media.content.partTargetSeconds == 1)
        #expect(media.parts(ofSegment: 8)?.count == 2)
        #expect(media.parts(ofSegment: 9)?.map(\.address) == ["p9.0"])
        #expect(media.parts(ofSegment: 6) == nil)
        #expect(media.content.hintAddress == "p9.1")
        #expect(media.content.renditionReports == ["../a/m.m3u8"])
        #expect(media.content.segments.map(\.startSeconds) == [0, 4])
        #expect(media.content.segments[1].map == 0)
        #expect(media.segmentIndex(at: 4.5) == 1)
        #expect(!media.content.isEnded)
    }

    @Test(arguments: [
        "", "<html>", "#EXTM3U\ns.m4s\n", "#EXTM3U\n#EXTINF:abc,\ns.m4s\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-PART:URI=\"x\"\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"x\"\nv.m3u8\n",
    ])
    func brokenPlaylistsAreFaults(text: String) {
        #expect(throws: ResponseFault.malformedPlaylist) { try Playlist(text) }
    }

    @Test(
        arguments: [
            ("s1.m4s", "/v/a/m.m3u8?x=/1", "/v/a/s1.m4s"), ("../b/s", "/v/a/m", "/v/b/s"),
            ("./s", "/v/m", "/v/s"), ("/x/y?z=1", "/v/m", "/x/y?z=1"), ("../../../s", "/v/m", "/s"),
            ("http://127.0.0.1:1/q", "/v/m", "/q"), ("http://127.0.0.1:12/q", "/v/m", nil),
            ("https://example.org/q", "/v/m", nil), ("//example.org/q", "/v/m", nil),
        ] as [(String, String, String?)]
    )
    func addressesResolveWithinTheServer(reference: String, base: String, expected: String?) {
        let resolved = Address.resolve(reference, from: base, authority: "127.0.0.1:1")
        #expect(resolved == expected)
    }

    @Test func aCatalogPageTellsIdsAndCursor() throws {
        let page = try CatalogPage(
            #"{"videos":[{"id":"a-1","urls":{}},{"id": "b"}],"next_cursor":"b"}"#
        )
        #expect(page.ids == ["a-1", "b"])
        #expect(page.nextCursor == "b")
        #expect(try CatalogPage(#"{"videos":[],"next_cursor":null}"#).nextCursor == nil)
        #expect(throws: ResponseFault.malformedPlaylist) { try CatalogPage("<html>") }
    }
}
