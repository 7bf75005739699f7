import Packaging
import Testing

struct HLSIFramePlaylistTests {
    @Test func namesOneFragmentForEachGroup() {
        let frames = [
            IFrameEntry(group: 0, start: 0, duration: 180_180),
            IFrameEntry(group: 1, start: 180_180, duration: 90_090),
            IFrameEntry(
                group: 2,
                start: 270_270,
                duration: 180_180,
                descriptionIndex: 1,
                isDiscontinuity: true
            ),
        ]
        let playlist = HLSIFramePlaylist(frames: frames, timescale: 90_000)
        #expect(
            ManifestFixtures.text(playlist.bytes) == """
                #EXTM3U
                #EXT-X-VERSION:5
                #EXT-X-TARGETDURATION:3
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-I-FRAMES-ONLY
                #EXT-X-MAP:URI="init-1.mp4"
                #EXTINF:2.002000,
                i0.m4s
                #EXTINF:1.001000,
                i1.m4s
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="init-2.mp4"
                #EXTINF:2.002000,
                i2.m4s
                #EXT-X-ENDLIST

                """
        )
    }
}
