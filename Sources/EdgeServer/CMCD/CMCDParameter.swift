/// The query parameter that carries CMCD, percent-encoded. CTA-5004
enum CMCDParameter {
    /// Where its value stands in a query; nothing where there is none.
    ///
    /// Runs over every query, so it looks at each byte but those that begin a parameter once.
    static func range(in query: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < query.count {
            let isFound = begins(query, at: start)
            var end = start
            while end < query.count, query[end] != UInt8(ascii: "&") { end += 1 }
            if isFound { return start + nameSizeBytes..<end }
            start = end + 1
        }
        return nil
    }

    /// Nothing where a `%` is not followed by two hexadecimal digits.
    static func percentDecoded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "%") else {
                decoded.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < range.upperBound, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            else { return nil }
            decoded.append(high << 4 | low)
            index += 3
        }
        return decoded
    }

    private static let nameSizeBytes = 5

    private static func begins(_ query: Span<UInt8>, at start: Int) -> Bool {
        guard query.count - start >= nameSizeBytes else { return false }
        return query[start] == UInt8(ascii: "C") && query[start + 1] == UInt8(ascii: "M")
            && query[start + 2] == UInt8(ascii: "C") && query[start + 3] == UInt8(ascii: "D")
            && query[start + 4] == UInt8(ascii: "=")
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension CMCDData {
    /// What a query carries; nothing where it has no `CMCD`.
    ///
    /// - Parameter query: as sent, without the question mark.
    package init?(query: String) {
        let bytes = query.utf8.span
        guard let range = CMCDParameter.range(in: bytes) else { return nil }
        self.init()
        guard range.count <= CMCDLimits.sizeBytes,
            let decoded = CMCDParameter.percentDecoded(bytes, range)
        else {
            faultCount = 1
            return
        }
        read(decoded)
    }

    /// What the four fields carry; nothing where there is no `CMCD-Session`, which holds what each
    /// request of a session repeats, so that a request without CMCD costs one look-up.
    package init?(header: (String) -> String?) {
        guard let session = header("cmcd-session") else { return nil }
        self.init()
        read(session)
        for name in ["cmcd-request", "cmcd-object", "cmcd-status"] {
            if let value = header(name) { read(value) }
        }
    }
}
