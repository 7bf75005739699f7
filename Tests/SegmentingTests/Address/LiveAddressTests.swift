import Segmenting
import Testing

struct LiveAddressTests {
    private static let token = "tok-0123456789_AB"

    private static let resources: [(LiveAddress.Resource, String)] = [
        (.masterPlaylist(.live), "master.m3u8"),
        (.masterPlaylist(.rewind), "dvr/master.m3u8"),
        (.mediaPlaylist(.live, LiveTrackID(.video)), "v0.m3u8"),
        (.mediaPlaylist(.rewind, LiveTrackID(.audio, 255)), "dvr/a255.m3u8"),
        (.dashManifest, "manifest.mpd"),
        (.time, "time"),
        (.status, "status"),
        (.thumbnail, "thumbnail.jpg"),
        (.initialization(token: token, LiveTrackID(.video), number: 1), "\(token)/v0/init-1.mp4"),
        (.segment(token: token, LiveTrackID(.audio, 1), number: 0), "\(token)/a1/0.m4s"),
        (
            .segment(token: token, LiveTrackID(.video), number: 999_999_999_999_999_999),
            "\(token)/v0/999999999999999999.m4s"
        ),
        (
            .part(token: token, LiveTrackID(.video), segment: 41, index: 12),
            "\(token)/v0/41.12.m4s"
        ),
    ]

    @Test func everyAddressIsReadAsItIsWritten() throws {
        for (resource, name) in Self.resources {
            let address = LiveAddress(streamID: "My_stream-1", resource: resource)
            #expect(address.path == "/live/My_stream-1/\(name)")
            #expect(try LiveAddress(path: address.path) == address)
        }
    }

    @Test func playlistsNameTheRestRelatively() {
        let video = LiveTrackID(.video)
        let segment = LiveAddress.Resource.segment(token: Self.token, video, number: 7)
        #expect(segment.relative(to: .live) == "\(Self.token)/v0/7.m4s")
        #expect(segment.relative(to: .rewind) == "../\(Self.token)/v0/7.m4s")
        let live = LiveAddress.Resource.mediaPlaylist(.live, video)
        let rewind = LiveAddress.Resource.mediaPlaylist(.rewind, video)
        #expect(live.relative(to: .live) == "v0.m3u8")
        #expect(live.relative(to: .rewind) == "../v0.m3u8")
        #expect(rewind.relative(to: .rewind) == "v0.m3u8")
        #expect(rewind.relative(to: .live) == "dvr/v0.m3u8")
        #expect(LiveAddress.Resource.time.relative(to: .live) == "time")
    }

    @Test(arguments: [
        "", "/", "/live", "/live/", "/live//master.m3u8", "/videos/a/master.m3u8",
        "live/a/master.m3u8", "/live/a/", "/live/a//time", "/live/a/../b", "/live/.a/time",
        "/live/a/.m3u8", "/live/a%2Fb/time", "/live/a b/time", "/live/a/time?x", "/live/a.b/time",
        "/live/\u{E9}/time", "/live/a/ti\u{0}me", "/live/a\\b/time", "/Live/a/time",
    ])
    func whatNoAddressLooksLikeIsMalformed(path: String) {
        #expect(throws: LiveAddressError.malformed) { try LiveAddress(path: path) }
    }

    @Test(arguments: [
        "/live/a", "/live/a/master", "/live/a/index.m3u8", "/live/a/v.m3u8", "/live/a/v00.m3u8",
        "/live/a/v256.m3u8", "/live/a/v1000.m3u8", "/live/a/s0.m3u8", "/live/a/dvr",
        "/live/a/dvr/time", "/live/a/dvr/manifest.mpd", "/live/a/DVR/master.m3u8",
        "/live/a/x/master.m3u8", "/live/a/tok-0123456789_AB/v0", "/live/a/short/v0/1.m4s",
        "/live/a/tok-0123456789_AB/v0/1", "/live/a/tok-0123456789_AB/v0/01.m4s",
        "/live/a/tok-0123456789_AB/v0/1.01.m4s", "/live/a/tok-0123456789_AB/v0/1..m4s",
        "/live/a/tok-0123456789_AB/v0/1.2.3.m4s", "/live/a/tok-0123456789_AB/v0/-1.m4s",
        "/live/a/tok-0123456789_AB/v0/1000000000000000000.m4s",
        "/live/a/tok-0123456789_AB/v0/1.1000000.m4s", "/live/a/tok-0123456789_AB/v0/init-0.mp4",
        "/live/a/tok-0123456789_AB/v0/init-01.mp4", "/live/a/tok-0123456789_AB/v0/init-.mp4",
        "/live/a/tok-0123456789_AB/v0/x.mp4", "/live/a/tok-0123456789.AB/v0/1.m4s",
        "/live/a/tok-0123456789_AB/v0/1.m4s/x", "/live/a/b/c/d/e/f/g",
    ])
    func whatNothingIsNamedIsUnknown(path: String) {
        #expect(throws: LiveAddressError.unknown) { try LiveAddress(path: path) }
    }

    @Test func lengthsAreBounded() throws {
        let longest = String(repeating: "s", count: 128)
        #expect(try LiveAddress(path: "/live/\(longest)/time").streamID == longest)
        #expect(throws: LiveAddressError.malformed) {
            try LiveAddress(path: "/live/\(longest)s/time")
        }
        #expect(throws: LiveAddressError.malformed) {
            try LiveAddress(path: "/live/a/" + String(repeating: "t", count: 505))
        }
        for count in [15, 16, 64, 65] {
            let token = String(repeating: "t", count: count)
            #expect(LiveAddress.isToken(token) == (16...64).contains(count))
            let path = "/live/a/\(token)/v0/1.m4s"
            #expect(((try? LiveAddress(path: path)) != nil) == (16...64).contains(count))
        }
        #expect(!LiveAddress.isToken("tok-0123456789.AB"))
        #expect(!LiveAddress.isStreamID(""))
    }
}
