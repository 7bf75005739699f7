// Unsafe: `Span.bytes` counts as such for types with padding; bytes have none.

import NIOCore

/// What is known of a field by its name. RFC 7541 Appendix A
enum HPACKName {
    /// Of HTTP/1.1's framing; HTTP/2 has none. RFC 9113 §8.2.2
    case ofConnection
    /// Rarely the same twice; with its place in the static table.
    case single(Int?)
    /// Likely to be sent again.
    case repeated(Int?)

    static let staticCount = 61

    init(_ bytes: Span<UInt8>, _ name: Range<Int>) {
        func matches(_ word: String) -> Bool { ASCII.equals(bytes, name, word) }
        self =
            switch name.count {
            case 3 where matches("age"): .single(21)
            case 4 where matches("date"): .single(33)
            case 4 where matches("etag"): .single(34)
            case 4 where matches("vary"): .repeated(59)
            case 8 where matches("location"): .single(46)
            case 10 where matches("connection"): .ofConnection
            case 10 where matches("set-cookie"): .single(55)
            case 10 where matches("keep-alive"): .ofConnection
            case 12 where matches("x-request-id"): .single(nil)
            case 12 where matches("content-type"): .repeated(31)
            case 13 where matches("cache-control"): .repeated(24)
            case 13 where matches("last-modified"): .single(44)
            case 13 where matches("content-range"): .single(30)
            case 13 where matches("server-timing"): .single(nil)
            case 13 where matches("accept-ranges"): .repeated(18)
            case 14 where matches("content-length"): .single(28)
            case 16 where matches("content-encoding"): .repeated(26)
            case 16 where matches("proxy-connection"): .ofConnection
            case 7 where matches("upgrade"): .ofConnection
            case 17 where matches("transfer-encoding"): .ofConnection
            default: .repeated(nil)
            }
    }
}

extension ByteBuffer {
    /// An integer with its first bits in a byte of other meaning. RFC 7541 §5.1
    mutating func writeHPACKInteger(_ value: Int, prefixBits: Int, pattern: UInt8) {
        let largest = 1 << prefixBits - 1
        guard value >= largest else {
            writeInteger(pattern | UInt8(truncatingIfNeeded: value))
            return
        }
        writeInteger(pattern | UInt8(truncatingIfNeeded: largest))
        var rest = value - largest
        while rest >= 128 {
            writeInteger(UInt8(truncatingIfNeeded: rest & 127) | 128)
            rest >>= 7
        }
        writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// A string as it is. §5.2
    mutating func writeHPACKString(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        writeHPACKInteger(range.count, prefixBits: 7, pattern: 0)
        unsafe _ = writeBytes(bytes.extracting(range).bytes)
    }

    /// A name, with small letters as HTTP/2 has them.
    mutating func writeHPACKName(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        writeHPACKInteger(range.count, prefixBits: 7, pattern: 0)
        for index in range { writeInteger(ASCII.lowercased(bytes[index])) }
    }
}
