/// What a player reads of a response's head.
///
/// RFC 9112 §4 and §6.3.
package struct ResponseHead: Sendable, Equatable {
    package enum Framing: Sendable, Equatable {
        case sized(Int)
        case chunked
        case untilClose
    }

    package var status = 0
    package var framing = Framing.untilClose
    package var keepsAlive = true
    /// Seconds, where the field is there and a number.
    package var age: Int?
    package var hasInvalidAge = false
    package var location: String?
    package var retryAfter: Int?
    package var cacheControl: String?
    package var contentEncoding: String?

    /// `max-age` of `cacheControl`; 0 where it must not be stored; nil where nothing is said.
    package var lifeSeconds: Int? {
        guard let cacheControl = cacheControl?.lowercased() else { return nil }
        if cacheControl.contains("no-store") || cacheControl.contains("no-cache") { return 0 }
        for part in cacheControl.split(separator: ",") {
            let text = part.drop { $0 == " " }
            if text.hasPrefix("max-age=") { return Int(text.dropFirst(8)) }
        }
        return nil
    }

    /// Reads the status line and the fields, without the empty line at the end.
    ///
    /// Throws `ResponseFault.malformedHead`.
    package init(_ bytes: Span<UInt8>) throws(ResponseFault) {
        var position = 0
        guard let statusLine = Self.nextLine(bytes, &position), statusLine.count >= 12 else {
            throw .malformedHead
        }
        guard Self.text(bytes, statusLine.lowerBound..<statusLine.lowerBound + 7) == "HTTP/1."
        else { throw .malformedHead }
        keepsAlive = bytes[statusLine.lowerBound + 7] == UInt8(ascii: "1")
        for index in statusLine.lowerBound + 9..<statusLine.lowerBound + 12 {
            guard let digit = Self.digit(bytes[index]) else { throw .malformedHead }
            status = status * 10 + digit
        }
        var length: Int?
        var isChunked = false
        while let line = Self.nextLine(bytes, &position) {
            guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }),
                colon > line.lowerBound
            else { throw .malformedHead }
            // Only names of these lengths matter; most fields end here.
            let value = Self.trimmed(bytes, colon + 1..<line.upperBound)
            switch Self.lowercased(bytes, line.lowerBound..<colon) {
            case "content-length":
                guard let number = Int(Self.text(bytes, value)), number >= 0,
                    length == nil || length == number
                else { throw .malformedHead }
                length = number
            case "transfer-encoding":
                guard Self.lowercased(bytes, value) == "chunked" else { throw .malformedHead }
                isChunked = true
            case "connection":
                if Self.lowercased(bytes, value) == "close" { keepsAlive = false }
            case "age":
                age = Int(Self.text(bytes, value))
                hasInvalidAge = (age ?? -1) < 0
            case "location":
                location = Self.text(bytes, value)
            case "retry-after":
                retryAfter = Int(Self.text(bytes, value))
            case "cache-control":
                cacheControl = Self.text(bytes, value)
            case "content-encoding":
                contentEncoding = Self.lowercased(bytes, value)
            default:
                break
            }
        }
        guard !(isChunked && length != nil) else { throw .malformedHead }
        if status == 204 || status == 304 || status / 100 == 1 {
            framing = .sized(0)
        } else if isChunked {
            framing = .chunked
        } else if let length {
            framing = .sized(length)
        } else {
            keepsAlive = false
        }
    }

    private static let longestName = 17

    /// A field's name or a short value for comparing; empty where it is longer than any we know.
    private static func lowercased(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        guard range.count <= longestName else { return "" }
        return unsafe String(
            unsafeUninitializedCapacity: range.count,
            initializingUTF8With: { storage in
                for (index, source) in range.enumerated() {
                    let byte = bytes[source]
                    unsafe storage[index] = (65...90).contains(byte) ? byte | 0x20 : byte
                }
                return range.count
            }
        )
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        for index in range { text.append(bytes[index]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high, bytes[low] == 32 || bytes[low] == 9 { low += 1 }
        while high > low, bytes[high - 1] == 32 || bytes[high - 1] == 9 { high -= 1 }
        return low..<high
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (48...57).contains(byte) ? Int(byte) - 48 : nil
    }

    /// The next line without its end, which is CR LF.
    private static func nextLine(_ bytes: Span<UInt8>, _ position: inout Int) -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let start = position
        var end = start
        while end < bytes.count, bytes[end] != 10 { end += 1 }
        position = end + 1
        return start..<(end > start && bytes[end - 1] == 13 ? end - 1 : end)
    }
}
