import NIOCore

/// What of a response is sent: its encoding, its status after conditions and range, and which bytes.
struct Representation {
    enum Content {
        case none
        case bytes(ByteBuffer)
        case stored(StoredBody)
        case source(any BodySource)
        case region(MemoryRegion)
    }

    var status: Int
    var content: Content
    /// Size of the whole representation; `unknownSize` while a source does not know it.
    var sizeBytes: UInt64
    /// The bytes that are sent.
    var part: Range<UInt64>
    /// Larger than any body.
    static let unknownSize = UInt64(Int64.max)
    var isSizeKnown: Bool { sizeBytes != Self.unknownSize }
    /// Of unknown size, and sent so that its end is told from a broken connection. RFC 9112 §7.1
    var isChunked = false
    /// All of a 200, not encoded: what a response's prepared fields are for.
    var isWhole: Bool {
        status == 200 && !isGzip && isSizeKnown && part == 0..<sizeBytes
    }
    /// The suffix that the encoding puts on the tag.
    var isGzip = false
    var variesByEncoding = false

    /// The field values of a request that decide about it.
    struct Conditions {
        var isHead = false
        var range: String?
        var ifRange: String?
        var ifNoneMatch: String?
        var ifModifiedSince: String?

        /// The common case: nothing to evaluate.
        var isEmpty: Bool { range == nil && ifNoneMatch == nil && ifModifiedSince == nil }
    }

    /// - Parameters:
    ///   - response: the handler's.
    ///   - gzip: its text's compressed form where the client takes it.
    ///   - conditions: of the request.
    init(_ response: MediaResponse, gzip: ByteBuffer?, conditions: Conditions) {
        status = response.status
        switch response.body {
        case .empty:
            content = .none
            sizeBytes = 0
        case .bytes(let buffer):
            content = .bytes(buffer)
            sizeBytes = UInt64(buffer.readableBytes)
        case .text(let text):
            let buffer = gzip ?? text.identity
            content = .bytes(buffer)
            sizeBytes = UInt64(buffer.readableBytes)
            isGzip = gzip != nil
            variesByEncoding = true
        case .stored(let body):
            content = .stored(body)
            sizeBytes = body.sizeBytes
        case .region(let region):
            content = .region(region)
            sizeBytes = UInt64(region.sizeBytes)
        case .source(let source, let size):
            content = .source(source)
            sizeBytes = size ?? Self.unknownSize
        }
        part = 0..<sizeBytes
        if status == 200, !conditions.isEmpty { evaluate(conditions, response) }
    }

    /// RFC 9110 §13.2.2: conditions first, then the range.
    private mutating func evaluate(_ conditions: Conditions, _ response: MediaResponse) {
        let preconditions = Preconditions(
            entityTag: response.entityTag.map { isGzip ? $0 + Self.gzipSuffix : $0 },
            lastModified: response.lastModified
        )
        if preconditions.isNotModified(
            ifNoneMatch: conditions.ifNoneMatch,
            ifModifiedSince: conditions.ifModifiedSince
        ) {
            status = 304
            content = .none
            part = 0..<0
            return
        }
        // Ranges are defined for GET alone. §14.2
        guard let range = conditions.range, !conditions.isHead, isSizeKnown,
            preconditions.allowsRange(ifRange: conditions.ifRange)
        else { return }
        switch ByteRangeRequest(range, sizeBytes: sizeBytes) {
        case .whole: break
        case .part(let bytes):
            status = 206
            part = bytes
        case .unsatisfiable:
            status = 416
            content = .none
            part = 0..<0
        }
    }

    static let gzipSuffix = "-gzip"
}
