/// The delivery directives of a playlist request. RFC 8216bis §6.2.5
package struct LiveQuery: Hashable, Sendable {
    /// The media sequence number that `_HLS_msn` asks for.
    package var segment: UInt64?
    /// The 0-based part that `_HLS_part` asks for.
    package var part: Int?
    /// What `_HLS_skip` leaves out.
    package var delta: LiveHLSDelta?

    package static let none = LiveQuery()

    package init(segment: UInt64? = nil, part: Int? = nil, delta: LiveHLSDelta? = nil) {
        self.segment = segment
        self.part = part
        self.delta = delta
    }

    /// Reads a query as it stands behind the `?`.
    ///
    /// Other parameters, unknown directives and unknown values of `_HLS_skip` are none of its
    /// business.
    ///
    /// - Throws: `BlockingReload.BadRequest` for what can be no number, for a directive that
    ///   stands there twice, and for a query that is too long to be honest.
    package init(_ query: String) throws(BlockingReload.BadRequest) {
        let bytes = query.utf8.span
        guard bytes.count <= LiveQueryLimits.length else { throw .queryTooLong }
        var start = 0
        while start < bytes.count {
            var (end, equals) = (start, Int?.none)
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            // Most parameters are not ours, and every waiting viewer's query comes through here.
            if bytes[start] == UInt8(ascii: "_") {
                let value = bytes.extracting(min(end, (equals ?? end) + 1)..<end)
                try take(bytes.extracting(start..<(equals ?? end)), value)
            }
            start = end + 1
        }
    }

    private mutating func take(
        _ name: Span<UInt8>,
        _ value: Span<UInt8>
    ) throws(BlockingReload.BadRequest) {
        if Self.equal(name, "_HLS_msn") {
            guard segment == nil else { throw .repeatedDirective }
            segment = try Self.number(value, digits: LiveQueryLimits.segmentDigits)
        } else if Self.equal(name, "_HLS_part") {
            guard part == nil else { throw .repeatedDirective }
            part = Int(try Self.number(value, digits: LiveQueryLimits.partDigits))
        } else if Self.equal(name, "_HLS_skip") {
            guard delta == nil else { throw .repeatedDirective }
            if Self.equal(value, "YES") { delta = .segments }
            if Self.equal(value, "v2") { delta = .segmentsAndDateRanges }
        }
    }

    private static func equal(_ bytes: Span<UInt8>, _ text: String) -> Bool {
        let text = text.utf8.span
        guard bytes.count == text.count else { return false }
        for index in bytes.indices where bytes[index] != text[index] { return false }
        return true
    }

    /// A decimal-integer. RFC 8216bis §4.2
    private static func number(
        _ digits: Span<UInt8>,
        digits limit: Int
    ) throws(BlockingReload.BadRequest) -> UInt64 {
        guard !digits.isEmpty, digits.count <= limit else { throw .malformedNumber }
        var value: UInt64 = 0
        for index in digits.indices {
            let digit = digits[index]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else {
                throw .malformedNumber
            }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

/// Bounds of what a playlist request may ask.
package enum LiveQueryLimits {
    package static let length = 1024
    /// All of them fit 64 bits, with room for the sums that are compared.
    package static let segmentDigits = 18
    package static let partDigits = 9
}
