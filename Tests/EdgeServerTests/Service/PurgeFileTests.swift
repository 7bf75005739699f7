import EdgeCache
import EdgeServer
import NIOCore
import TestSupport
import Testing

struct PurgeFileTests {
    private let object = CachedObject(
        head: StoredHead(status: 200, contentType: "", cacheControl: "", tags: ["video-v"]),
        body: .bytes(.init()),
        freshness: Freshness(
            bornAt: 900,
            freshUntil: 2000,
            staleWhileRevalidateUntil: 2000,
            staleIfErrorUntil: 2000
        ),
        kind: 0
    )
    private let key = CacheKey("/videos/v/1.m4s")

    @Test func purgesOutliveTheEdge() throws {
        let folder = try TemporaryFolder()
        let file = PurgeFile(folder: folder.path)
        #expect(!file.read(now: 1000).isDead(object, for: key))
        let log = PurgeLog()
        log.record(.tag("video-v"), at: 1000)
        file.write(log, now: 1000)
        #expect(file.read(now: 1000).isDead(object, for: key))
    }

    @Test func aFileThatCannotBeReadPurgesAll() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("purges", Array("millrace purges 1\ntag".utf8))
        #expect(PurgeFile(folder: folder.path).read(now: 1000).isDead(object, for: key))
    }
}
