import EdgeCache
import EdgeServer
import MediaHTTP
import NIOCore
import Platform
import Synchronization
import Testing

struct ForesightTests {
    private let folder = "/videos/v/0123456789abcdef/720p/"

    private func playlist(_ names: [String]) -> ByteBuffer {
        ByteBuffer(
            string: "#EXTM3U\n#EXT-X-VERSION:6\n"
                + names.map { "#EXTINF:4,\n\($0)\n" }.joined()
        )
    }

    private func followed(
        _ limits: Foresight.Limits = .init(),
        clock: @escaping @Sendable () -> Int64 = { 0 }
    ) -> Foresight {
        let foresight = Foresight(limits: limits, clock: clock)
        foresight.learn(
            MediaTarget(
                kind: .vodManifest,
                mediaKind: .mediaPlaylist,
                key: CacheKey(folder + "media.m3u8")
            ),
            playlist((1...10).map { "\($0).m4s" })
        )
        return foresight
    }

    @Test func fetchesTheNextSegmentOfSomebodyWhoPlays() {
        let foresight = followed()
        #expect(foresight.next(after: folder + "1.m4s") == nil)
        #expect(foresight.next(after: folder + "2.m4s") == folder + "3.m4s")
    }

    @Test func fetchesNothingForSomebodyWhoSearches() {
        let foresight = followed()
        for number in [1, 5, 3, 9, 7] {
            #expect(foresight.next(after: folder + "\(number).m4s") == nil)
        }
    }

    @Test func fetchesWhatThePlayerSaysItWantsNext() {
        let foresight = followed()
        #expect(foresight.next(after: folder + "3.m4s", hint: folder + "4.m4s") == folder + "4.m4s")
    }

    @Test(arguments: ["4.ts", "11.m4s", "../1080p/4.m4s", "init.mp4"])
    func fetchesNoHintOfAnotherRenditionOrBehindTheEnd(hint: String) {
        let foresight = followed()
        #expect(foresight.next(after: folder + "3.m4s", hint: folder + hint) == nil)
    }

    @Test func fetchesNothingBehindTheEnd() {
        let foresight = followed()
        #expect(foresight.next(after: folder + "9.m4s") == nil)
        #expect(foresight.next(after: folder + "10.m4s") == nil)
    }

    @Test func fetchesNothingWithoutAPlaylist() {
        let foresight = Foresight(clock: { 0 })
        #expect(foresight.next(after: folder + "1.m4s") == nil)
        #expect(foresight.next(after: folder + "2.m4s") == nil)
    }

    @Test func fetchesEachSegmentOnce() {
        let foresight = followed()
        _ = foresight.next(after: folder + "1.m4s")
        #expect(foresight.next(after: folder + "2.m4s") != nil)
        #expect(foresight.next(after: folder + "2.m4s") == nil)
    }

    @Test func countsWhatWasUsed() {
        let foresight = followed()
        _ = foresight.next(after: folder + "1.m4s")
        _ = foresight.next(after: folder + "2.m4s")
        foresight.finished(folder + "3.m4s", bytes: 1000)
        #expect(foresight.usedBytes.value == 0)
        _ = foresight.next(after: folder + "3.m4s")
        #expect(foresight.usedBytes.value == 1000)
        #expect(foresight.fetchedBytes.value == 1000)
    }

    @Test func whatIsAskedForOnItsWayIsUsed() {
        let foresight = followed()
        _ = foresight.next(after: folder + "1.m4s")
        _ = foresight.next(after: folder + "2.m4s")
        _ = foresight.next(after: folder + "3.m4s")
        foresight.finished(folder + "3.m4s", bytes: 1000)
        #expect(foresight.usedBytes.value == 1000)
    }

    @Test func countsWhatNobodyWanted() {
        let now = Mutex<Int64>(0)
        let foresight = followed(clock: { now.withLock { $0 } })
        _ = foresight.next(after: folder + "1.m4s")
        _ = foresight.next(after: folder + "2.m4s")
        foresight.finished(folder + "3.m4s", bytes: 1000)
        now.withLock { $0 = 60_001 }
        _ = foresight.next(after: folder + "8.m4s")
        #expect(foresight.wastedBytes.value == 1000)
    }

    /// Players that left kept all others from being helped, for as long as nobody came back to what
    /// they had played.
    @Test func whatNobodyWantedMakesRoomForOthers() {
        let now = Mutex<Int64>(0)
        var limits = Foresight.Limits()
        limits.unusedBytes = 1000
        let foresight = followed(limits, clock: { now.withLock { $0 } })
        let other = "/videos/w/0123456789abcdef/720p/"
        foresight.learn(
            MediaTarget(
                kind: .vodManifest,
                mediaKind: .mediaPlaylist,
                key: CacheKey(other + "media.m3u8")
            ),
            playlist((1...10).map { "\($0).m4s" })
        )
        _ = foresight.next(after: folder + "1.m4s")
        _ = foresight.next(after: folder + "2.m4s")
        foresight.finished(folder + "3.m4s", bytes: 1000)
        _ = foresight.next(after: other + "1.m4s")
        #expect(foresight.next(after: other + "2.m4s") == nil)
        now.withLock { $0 = 60_001 }
        #expect(foresight.next(after: other + "3.m4s") == other + "4.m4s")
        #expect(foresight.wastedBytes.value == 1000)
    }

    @Test func isBoundedInFetchesAndBytes() {
        var limits = Foresight.Limits()
        limits.fetchCount = 1
        limits.unusedBytes = 1500
        let foresight = followed(limits)
        _ = foresight.next(after: folder + "1.m4s")
        #expect(foresight.next(after: folder + "2.m4s") == folder + "3.m4s")
        _ = foresight.next(after: folder + "5.m4s")
        #expect(foresight.next(after: folder + "6.m4s") == nil)
        foresight.finished(folder + "3.m4s", bytes: 1500)
        #expect(foresight.next(after: folder + "6.m4s") == nil)
        #expect(foresight.next(after: folder + "3.m4s") == folder + "4.m4s")
        foresight.finished(folder + "4.m4s", bytes: 0)
        #expect(foresight.next(after: folder + "6.m4s") == folder + "7.m4s")
    }

    @Test(arguments: [
        ["a.m4s", "b.m4s"], ["1.m4s?x=1", "2.m4s?x=1"], ["http://x/1.m4s", "http://x/2.m4s"],
        ["1.m4s", "3.m4s"], ["01.m4s", "02.m4s"], ["/1.m4s", "/2.m4s"], [],
        ["99999999999999999999.m4s", "99999999999999999999.m4s"],
    ])
    func followsNoPlaylistWhoseSegmentsAreNotNumbered(names: [String]) {
        let foresight = Foresight(clock: { 0 })
        foresight.learn(
            MediaTarget(
                kind: .vodManifest,
                mediaKind: .mediaPlaylist,
                key: CacheKey(folder + "media.m3u8")
            ),
            playlist(names)
        )
        #expect(foresight.next(after: folder + "1.m4s") == nil)
        #expect(foresight.next(after: folder + "2.m4s") == nil)
    }
}
