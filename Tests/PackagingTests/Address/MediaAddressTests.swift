import Packaging
import Testing

struct MediaAddressTests {
    private static let version = AssetVersion(rawValue: 0x0123_4567_89AB_CDEF)
    private static let folder = "/videos/big_buck-1.2/0123456789abcdef/video-720p"

    private static let items: [(MediaAddress.Item, String)] = [
        (.mediaPlaylist(.cmaf), "media.m3u8"),
        (.mediaPlaylist(.transportStream), "media-ts.m3u8"),
        (.iFramePlaylist, "iframes.m3u8"),
        (.initSegment(descriptionIndex: 0), "init-1.mp4"),
        (.initSegment(descriptionIndex: 11), "init-12.mp4"),
        (.segment(.number(1)), "1.m4s"),
        (.segment(.number(999_999_999)), "999999999.m4s"),
        (.segment(.groups(7..<9)), "7-9.m4s"),
        (.segment(.groups(0..<1)), "0-1.m4s"),
        (.transportStreamSegment(.number(12)), "12.ts"),
        (.transportStreamSegment(.groups(3..<20)), "3-20.ts"),
        (.iFrame(group: 0), "i0.m4s"),
        (.iFrame(group: 41), "i41.m4s"),
        (.subtitleSegment(.number(3), .cmaf), "3.vtt"),
        (.subtitleSegment(.groups(3..<4), .cmaf), "3-4.vtt"),
        (.subtitleSegment(.number(3), .transportStream), "3-ts.vtt"),
        (.subtitleSegment(.groups(3..<4), .transportStream), "3-4-ts.vtt"),
        (.subtitles, "all.vtt"),
    ]

    @Test(arguments: items)
    func anItemIsItsFileNameAndBack(_ item: MediaAddress.Item, _ name: String) throws {
        #expect(item.fileName == name)
        #expect(MediaAddress.Item(fileName: name) == item)
        let address = try MediaAddress(path: "\(Self.folder)/\(name)")
        #expect(address.videoID == "big_buck-1.2")
        #expect(address.resource == .versioned(Self.version, track: "video-720p", item))
        #expect(address.path == "\(Self.folder)/\(name)")
    }

    @Test(arguments: [
        ("/videos/a/hls/master.m3u8", MediaAddress.Resource.masterPlaylist(.cmaf)),
        ("/videos/a/hls-ts/master.m3u8", .masterPlaylist(.transportStream)),
        ("/videos/a/dash/manifest.mpd", .dashManifest),
        ("/videos/a/720p.mp4", .progressive(quality: "720p")),
    ])
    func anEntryPointReadsBack(_ path: String, _ resource: MediaAddress.Resource) throws {
        let address = try MediaAddress(path: path)
        #expect(address == MediaAddress(videoID: "a", resource: resource))
        #expect(address.path == path)
    }

    @Test func aRelativeAddressIsOneFolderUp() {
        #expect(
            MediaAddress.relative(version: Self.version, track: "audio-en", .segment(.number(2)))
                == "../0123456789abcdef/audio-en/2.m4s"
        )
    }

    @Test(arguments: [
        "", "/", "/videos", "/videos/", "/videos/a", "/videos//720p.mp4", "videos/a/720p.mp4",
        "/video/a/720p.mp4", "/videos/a/", "//videos/a/720p.mp4", "/videos/a/720p.mp4/",
        "/videos/../etc/passwd", "/videos/a/../720p.mp4", "/videos/./720p.mp4",
        "/videos/.a/720p.mp4", "/videos/a/..mp4", "/videos/a/%2e%2e/720p.mp4",
        "/videos/a%2fb/720p.mp4", "/videos/a/720p%00.mp4", "/videos/a\\b/720p.mp4",
        "/videos/a b/720p.mp4", "/videos/ä/720p.mp4", "/videos/a/hls/master.m3u8?x=1",
        "/videos/a/hls//master.m3u8", "/videos/a\u{0}/720p.mp4", "/videos/a+b/720p.mp4",
    ])
    func aPathThatNoAddressHasIsMalformed(_ path: String) {
        #expect(throws: MediaAddressError.malformed) { try MediaAddress(path: path) }
    }

    @Test(arguments: [
        "/videos/a/720p.webm", "/videos/a/hls/media.m3u8", "/videos/a/hls/Master.m3u8",
        "/videos/a/dash/master.m3u8", "/videos/a/0123456789abcdef/v/b/1.m4s",
    ])
    func aPathWithNothingThereIsUnknown(_ path: String) {
        #expect(throws: MediaAddressError.unknown) { try MediaAddress(path: path) }
    }

    @Test(arguments: [
        "0.m4s", "01.m4s", "00.m4s", "1000000000.m4s", "-1.m4s", "1-.m4s", "-.m4s", "1-1.m4s",
        "2-1.m4s", "01-2.m4s", "1-02.m4s", "1-2-3.m4s", "1.M4S", "1.m4s.m4s", "m4s", "1e3.m4s",
        "i.m4s", "i00.m4s", "i-1.m4s", "i1-2.m4s", "init-0.mp4", "init-01.mp4", "init-.mp4",
        "init.mp4", "0.ts", "0.vtt", "0-ts.vtt", "ts.vtt", "all.ttml", "1-ts.m4s", "1_2.m4s",
    ])
    func aFileNameThatNoItemHasIsUnknown(_ name: String) {
        #expect(MediaAddress.Item(fileName: name) == nil)
        #expect(throws: MediaAddressError.unknown) {
            try MediaAddress(path: "\(Self.folder)/\(name)")
        }
    }

    @Test(arguments: [
        "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg",
        "00123456789abcde1", "0x23456789abcdef",
    ])
    func aVersionHasSixteenLowerCaseDigits(_ version: String) {
        #expect(AssetVersion(text: version) == nil)
        #expect(throws: MediaAddressError.unknown) {
            try MediaAddress(path: "/videos/a/\(version)/video/1.m4s")
        }
    }

    @Test(arguments: [0, 1, 0xF, UInt64.max, 0x0123_4567_89AB_CDEF])
    func aVersionReadsBack(_ value: UInt64) {
        let version = AssetVersion(rawValue: value)
        #expect(version.text.utf8.count == 16)
        #expect(AssetVersion(text: version.text) == version)
    }

    @Test func namesBeyondTheirLengthAreRefused() throws {
        let longest = String(repeating: "a", count: AddressLimits.videoIDLength)
        #expect(try MediaAddress(path: "/videos/\(longest)/720p.mp4").videoID == longest)
        #expect(throws: MediaAddressError.malformed) {
            try MediaAddress(path: "/videos/\(longest)a/720p.mp4")
        }
        let track = String(repeating: "t", count: AddressLimits.trackNameLength + 1)
        #expect(throws: MediaAddressError.unknown) {
            try MediaAddress(path: "/videos/a/0123456789abcdef/\(track)/1.m4s")
        }
    }
}
