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
        let plain = sample(sizeBytes: 0, bornAt: bornAt)
        let body = ExactBody(sizeBytes: costBytes - plain.costBytes, fill: fill)
        return CachedObject(
            head: plain.head,
            body: .external(body),
            freshness: plain.freshness,
            kind: 0
        )
    }
}

/// A body that takes as much memory as it has bytes: buffers have room to spare.
final class ExactBody: ExternalBody {
    let sizeBytes: Int
    private let fill: UInt8

    init(sizeBytes: Int, fill: UInt8) {
        self.sizeBytes = sizeBytes
        self.fill = fill
    }

    var copied: ByteBuffer? { ByteBuffer(repeating: fill, count: sizeBytes) }
}
