/// A scanned request head: what the lane needs of it, as places in the head's own bytes.
///
/// Nothing is copied and no string is made while scanning; values are looked up when they are used.
package struct RequestHead: Hashable, Sendable {
    package enum Method: Hashable, Sendable { case get, head, options, other }

    package enum Version: Hashable, Sendable { case http10, http11 }

    package var method: Method
    /// The method as it was sent.
    package var methodText = FieldSpan.absent
    package var version: Version
    /// Bytes of the whole head, the empty line that ends it included.
    package var sizeBytes: Int
    /// The target's path, as it was sent; empty only for `OPTIONS *` and for an empty path.
    package var path: FieldSpan
    /// What follows the first `?` of the target.
    package var query: FieldSpan
    /// The field lines, without the empty line.
    package var fields: FieldSpan
    /// The target is `*`, or an address without a path, which means the same with OPTIONS.
    /// RFC 9112 §3.2.4
    package var isWholeServer = false
    /// The authority that the request is for: the target's where it names one, else `Host`.
    /// RFC 9112 §3.2.2
    package var host = FieldSpan.absent
    /// The body's size as declared; 0 without one.
    package var contentLengthBytes: UInt64 = 0
    /// The body comes in chunks; only where the scanner takes bodies. RFC 9112 §7.1
    package var isChunked = false
    /// `Connection: close` was sent.
    package var asksToClose = false
    /// `Connection: keep-alive` was sent, which HTTP/1.0 needs.
    package var asksToKeepAlive = false
    /// `CMCD-Session` was sent: the player tells of itself in fields. CTA-5004
    package var hasCMCD = false
    /// `Expect` was sent: the client may wait for an answer before it sends its body.
    package var hasExpectation = false
    /// It was `Expect: 100-continue`, alone. RFC 9110 §10.1.1
    package var expectsContinue = false
    /// `Connection: upgrade` was sent.
    package var asksToUpgrade = false

    package var acceptEncoding = FieldSpan.absent
    package var ifModifiedSince = FieldSpan.absent
    package var ifNoneMatch = FieldSpan.absent
    package var ifRange = FieldSpan.absent
    package var range = FieldSpan.absent
    package var requestID = FieldSpan.absent
    package var upgrade = FieldSpan.absent

    package var hasBody: Bool { isChunked || contentLengthBytes > 0 }

    /// Whether the connection may stay open as far as the client is concerned. RFC 9112 §9.3
    package var persists: Bool {
        switch version {
        case .http11: !asksToClose
        case .http10: asksToKeepAlive && !asksToClose
        }
    }
}

/// A run of bytes in a head.
///
/// Heads are smaller than 64 KiB, so 16 bits suffice.
package struct FieldSpan: Hashable, Sendable {
    package var offset: UInt16
    package var count: UInt16
    /// How many field lines had this name; the place is the first one's.
    package var occurrences: UInt16

    package init(_ range: Range<Int>, occurrences: Int = 1) {
        self.offset = UInt16(truncatingIfNeeded: range.lowerBound)
        self.count = UInt16(truncatingIfNeeded: range.count)
        self.occurrences = UInt16(truncatingIfNeeded: occurrences)
    }

    package static let absent = FieldSpan(0..<0, occurrences: 0)

    package var isPresent: Bool { occurrences > 0 }
    package var bytes: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}
