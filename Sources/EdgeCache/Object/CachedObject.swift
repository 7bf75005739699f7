package import NIOCore

/// A whole answer of an origin, as a tier keeps it; immutable, and shared by all who send it.
///
/// What changes when an origin confirms it (its freshness) makes a new object around the same body.
package final class CachedObject: Sendable {
    package let head: StoredHead
    /// All of the body; shared, never copied to be sent.
    package let body: CachedBody
    package let freshness: Freshness
    /// What the body is, for metrics and for eviction's weights; the server's own numbering.
    package let kind: UInt8
    /// What the server keeps with it to answer faster; not stored in other tiers.
    package let attachment: (any AnyObject & Sendable)?

    package init(
        head: StoredHead,
        body: CachedBody,
        freshness: Freshness,
        kind: UInt8,
        attachment: (any AnyObject & Sendable)? = nil
    ) {
        self.head = head
        self.body = body
        self.freshness = freshness
        self.kind = kind
        self.attachment = attachment
    }

    /// Bytes of memory that it costs, its bookkeeping included.
    package var costBytes: Int { body.costBytes + head.sizeBytes + Self.bookkeepingBytes }

    private static let bookkeepingBytes = 512
}

/// The bytes of a body, where they lie.
package enum CachedBody: Sendable {
    case bytes(ByteBuffer)
    /// In memory that is not the process's own.
    case external(any ExternalBody)

    package var sizeBytes: Int {
        switch self {
        case .bytes(let bytes): bytes.readableBytes
        case .external(let body): body.sizeBytes
        }
    }

    /// The memory that it takes: buffers have room to spare.
    var costBytes: Int {
        switch self {
        case .bytes(let bytes): bytes.storageCapacity
        case .external(let body): body.sizeBytes
        }
    }

    /// The bytes, copied where they are not the process's own; nothing where they cannot be had.
    package var bytes: ByteBuffer? {
        switch self {
        case .bytes(let bytes): bytes
        case .external(let body): body.copied
        }
    }
}

/// A body that lies elsewhere.
package protocol ExternalBody: AnyObject, Sendable {
    var sizeBytes: Int { get }
    /// Its bytes, in the process's own memory; nothing where they cannot be had.
    var copied: ByteBuffer? { get }
}

/// The fields of an answer that outlive the connection they came by.
package struct StoredHead: Hashable, Sendable {
    package var status: Int
    package var contentType: String
    /// As players get it: what the origin said to browsers, not to this cache.
    package var cacheControl: String
    /// The opaque part of a strong tag, without quotes; nothing where there is none or a weak one.
    package var entityTag: String?
    /// Unix seconds.
    package var lastModified: Int64?
    /// Size of the whole representation where `body` is a slice of it.
    package var totalSizeBytes: UInt64?
    /// Further end-to-end fields, in the origin's order.
    package var fields: [(name: String, value: String)]
    /// Purging by one of these removes it: `Cache-Tag` and `Surrogate-Key`.
    package var tags: [String]

    package init(
        status: Int,
        contentType: String,
        cacheControl: String,
        entityTag: String? = nil,
        lastModified: Int64? = nil,
        totalSizeBytes: UInt64? = nil,
        fields: [(name: String, value: String)] = [],
        tags: [String] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.cacheControl = cacheControl
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.totalSizeBytes = totalSizeBytes
        self.fields = fields
        self.tags = tags
    }

    package var sizeBytes: Int {
        contentType.utf8.count + cacheControl.utf8.count + (entityTag?.utf8.count ?? 0)
            + fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
            + tags.reduce(0) { $0 + $1.utf8.count }
    }

    package static func == (one: StoredHead, other: StoredHead) -> Bool {
        one.status == other.status && one.contentType == other.contentType
            && one.cacheControl == other.cacheControl && one.entityTag == other.entityTag
            && one.lastModified == other.lastModified
            && one.totalSizeBytes == other.totalSizeBytes && one.tags == other.tags
            && one.fields.elementsEqual(other.fields, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(entityTag)
        hasher.combine(contentType)
    }
}
