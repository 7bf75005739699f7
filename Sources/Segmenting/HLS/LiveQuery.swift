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
    package init(_ query: some StringProtocol) throws(BlockingReload.BadRequest) {
        guard query.utf8.count <= LiveQueryLimits.length else { throw .queryTooLong }
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            guard pair.starts(with: Self.reserved) else { continue }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[equals...].dropFirst()
            switch String(decoding: pair[..<equals], as: UTF8.self) {
            case "_HLS_msn":
                guard segment == nil else { throw .repeatedDirective }
                segment = try Self.number(value, digits: LiveQueryLimits.segmentDigits)
            case "_HLS_part":
                guard part == nil else { throw .repeatedDirective }
                part = Int(try Self.number(value, digits: LiveQueryLimits.partDigits))
            case "_HLS_skip":
                guard delta == nil else { throw .repeatedDirective }
                if value.elementsEqual("YES".utf8) { delta = .segments }
                if value.elementsEqual("v2".utf8) { delta = .segmentsAndDateRanges }
            default: continue
            }
        }
    }

    private static let reserved = Array("_HLS_".utf8)

    /// A decimal-integer. RFC 8216bis §4.2
    private static func number(
        _ digits: some Collection<UInt8>,
        digits limit: Int
    ) throws(BlockingReload.BadRequest) -> UInt64 {
        guard !digits.isEmpty, digits.count <= limit else { throw .malformedNumber }
        var value: UInt64 = 0
        for digit in digits {
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
