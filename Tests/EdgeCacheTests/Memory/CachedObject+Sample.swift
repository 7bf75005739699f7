import EdgeCache
import NIOCore

extension CachedObject {
    /// An object of a size, fresh for long unless said otherwise.
    static func sample(
        sizeBytes: Int = 1000,
        fill: UInt8 = 0,
        bornAt: Int64 = 0,
        lastUse: Int64 = 1 << 40,
        tags: [String] = []
    ) -> CachedObject {
        CachedObject(
            head: StoredHead(status: 200, contentType: "video/mp4", cacheControl: "", tags: tags),
            body: .bytes(ByteBuffer(repeating: fill, count: sizeBytes)),
            freshness: Freshness(
                bornAt: bornAt,
                freshUntil: lastUse,
                staleWhileRevalidateUntil: lastUse,
                staleIfErrorUntil: lastUse
            ),
            kind: 0
        )
    }

    /// One that costs exactly so much.
    static func costing(_ costBytes: Int, fill: UInt8 = 0, bornAt: Int64 = 0) -> CachedObject {
        let overhead = sample(sizeBytes: 0).costBytes
        return sample(sizeBytes: costBytes - overhead, fill: fill, bornAt: bornAt)
    }
}
