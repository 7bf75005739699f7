import EdgeCache
import EdgeServer
import MediaHTTP
import Testing

struct MediaTargetTests {
    private func target(_ path: String, _ query: String? = nil) -> MediaTarget? {
        guard case .media(let target) = MediaTarget.parse(path: path, query: query) else {
            return nil
        }
        return target
    }

    @Test(arguments: [
        ("/videos/v/hls/master.m3u8", ContentKind.vodManifest, MediaKind.masterPlaylist),
        ("/videos/v/0123456789abcdef/720p/media.m3u8", .vodManifest, .mediaPlaylist),
        ("/videos/v/dash/manifest.mpd", .vodManifest, .manifest),
        ("/videos/v/0123456789abcdef/720p/1.m4s", .vodSegment, .videoSegment),
        ("/videos/v/0123456789abcdef/720p/init-1.mp4", .vodSegment, .initSegment),
        ("/videos/v/0123456789abcdef/720p/1.ts", .vodSegment, .transportStreamSegment),
        ("/videos/v/720p.mp4", .progressive, .progressive),
        ("/videos/v/thumbnails/1.jpg", .thumbnail, .other),
        ("/live/s/master.m3u8", .livePlaylist, .masterPlaylist),
        ("/live/s/video/media.m3u8", .livePlaylist, .mediaPlaylist),
        ("/live/s/video/t0ken-12.m4s", .liveMedia, .videoSegment),
    ])
    func knowsWhatAnAddressLeadsTo(path: String, kind: ContentKind, media: MediaKind) {
        #expect(target(path)?.kind == kind)
        #expect(target(path)?.mediaKind == media)
    }

    @Test(arguments: [
        "/", "/api/v1/videos", "/watch/v", "/videos", "/videosx/a/b", "/livestock/a", "/live/s",
    ])
    func leavesOtherAddressesToTheAPI(path: String) {
        #expect(MediaTarget.parse(path: path, query: nil) == .foreign)
    }

    @Test(arguments: [
        "/videos/", "/videos//a", "/videos/v//a.m4s", "/videos/v/../w/a.m4s", "/videos/v/./a.m4s",
        "/videos/v/.hidden", "/videos/v/%2e%2e/a.m4s", "/videos/v/a.m4s/", "/videos/v/a b.m4s",
        "/videos/v/a;b.m4s", "/videos/v/a#1", "/live/..", "/live/s/\u{e9}.m3u8",
        "/videos/v\\w/a.m4s",
    ])
    func refusesWhatCouldBeReadInAnotherWay(path: String) {
        #expect(MediaTarget.parse(path: path, query: nil) == .malformed)
    }

    @Test func sortsKnownParametersAndDropsOthers() {
        let path = "/live/s/video/media.m3u8"
        let one = target(path, "utm=1&_HLS_part=2&_HLS_msn=7&token=secret")
        let other = target(path, "_HLS_msn=7&CMCD=br%3D1&_HLS_part=2")
        #expect(one?.key.text == path + "?_HLS_msn=7&_HLS_part=2")
        #expect(one?.key == other?.key)
        #expect(one?.kind == .liveBlockingPlaylist)
    }

    @Test func segmentsHaveNoParameters() {
        let path = "/videos/v/0123456789abcdef/720p/1.m4s"
        #expect(target(path, "a=1&start=4")?.key.text == path)
    }

    @Test func encodedNamesAreNoKnownNames() {
        #expect(target("/live/s/a.m3u8", "%5FHLS_msn=7")?.key.text == "/live/s/a.m3u8")
        #expect(target("/live/s/a.m3u8", "%5FHLS_msn=7")?.kind == .livePlaylist)
    }

    @Test(arguments: [
        "_HLS_msn=1&_HLS_msn=2", "_HLS_msn=", "_HLS_msn", "_HLS_msn=1%00", "_HLS_msn=a/b",
        "start=" + String(repeating: "1", count: 65),
    ])
    func refusesValuesThatAreNone(query: String) {
        #expect(MediaTarget.parse(path: "/live/s/a.m3u8", query: query) == .malformed)
    }

    @Test func clipsAreKeptApart() {
        let whole = target("/videos/v/hls/master.m3u8")
        let clip = target("/videos/v/hls/master.m3u8", "start=1.5&end=20")
        #expect(clip?.key.text == "/videos/v/hls/master.m3u8?end=20&start=1.5")
        #expect(whole?.key != clip?.key)
    }
}
