import MediaHTTP
import OriginServer
import Packaging
import Testing

struct ManifestCacheTests {
    private func text(_ size: Int) -> CompressibleText {
        CompressibleText(bytes: [UInt8](repeating: 0, count: size))
    }

    private func clip(_ choice: String) -> ManifestKey { .masterPlaylist(.cmaf, choice) }

    @Test func manyClipsStayWithinTheirRoom() {
        var cache = ManifestCache(partLimitBytes: 100_000)
        for number in 0..<10_000 { cache.keep(text(1000), for: clip("clip \(number)")) }
        #expect(cache.sizeBytes <= 100_000)
        #expect(cache[clip("clip 9999")] != nil)
        #expect(cache[clip("clip 0")] == nil)
    }

    @Test func clipsDoNotDriveOutWholeManifests() {
        var cache = ManifestCache(partLimitBytes: 10_000)
        cache.keep(text(50_000), for: .masterPlaylist(.cmaf, ""))
        for number in 0..<100 { cache.keep(text(1000), for: clip("clip \(number)")) }
        #expect(cache[.masterPlaylist(.cmaf, "")] != nil)
    }

    @Test func aClipLargerThanTheRoomIsNotKept() {
        var cache = ManifestCache(partLimitBytes: 10_000)
        cache.keep(text(1000), for: clip("small"))
        cache.keep(text(20_000), for: clip("large"))
        #expect(cache[clip("large")] == nil)
        #expect(cache[clip("small")] != nil)
    }

    @Test func theFirstTextOfAKeyStaysAndCountsOnce() {
        var cache = ManifestCache(partLimitBytes: 10_000)
        let first = text(1000)
        cache.keep(first, for: clip("clip"))
        let size = cache.sizeBytes
        cache.keep(text(1000), for: clip("clip"))
        #expect(cache[clip("clip")] === first)
        #expect(cache.sizeBytes == size)
    }
}
