/// One `key=value` of CMCD, as ranges of the bytes that it was read from.
///
/// RFC 8941 §3.2 in the subset of CTA-5004: a key alone is true, strings stand in quotes, the rest
/// are tokens and numbers. Lists and parameters, which version 2 has, are skipped but for the
/// first member.
struct CMCDItem {
    enum Kind { case present, bare, quoted }

    var key: Range<Int>
    var kind: Kind
    /// Without quotes, escapes still in it.
    var value: Range<Int>

    /// Reads the item at `index`, and moves `index` past the comma that ends it.
    ///
    /// - Returns: nothing where it breaks the grammar; reading goes on after the next comma.
    static func read(_ bytes: [UInt8], _ index: inout Int) -> CMCDItem? {
        skipSpace(bytes, &index)
        let start = index
        while index < bytes.count, isKeyByte(bytes[index]) { index += 1 }
        let key = start..<index
        guard !key.isEmpty, key.count <= CMCDLimits.keySizeBytes else {
            skipToComma(bytes, &index)
            return nil
        }
        var item = CMCDItem(key: key, kind: .present, value: index..<index)
        var isWhole = true
        if index < bytes.count, bytes[index] == equals {
            index += 1
            let isList = index < bytes.count && bytes[index] == UInt8(ascii: "(")
            if isList { index += 1 }
            isWhole = readValue(bytes, &index, &item)
            // Of a list the rest, and of anything its parameters, have no meaning here.
            if isList || index < bytes.count && bytes[index] == UInt8(ascii: ";") {
                skipToComma(bytes, &index)
                return isWhole ? item : nil
            }
        }
        skipSpace(bytes, &index)
        guard isWhole, index == bytes.count || bytes[index] == comma else {
            skipToComma(bytes, &index)
            return nil
        }
        index += 1
        return item
    }

    /// A string, token or number; false where there is none, or it is too long.
    private static func readValue(
        _ bytes: [UInt8],
        _ index: inout Int,
        _ item: inout CMCDItem
    ) -> Bool {
        guard index < bytes.count, bytes[index] == quote else {
            let start = index
            while index < bytes.count, isBareByte(bytes[index]) { index += 1 }
            item.kind = .bare
            item.value = start..<index
            return (1...CMCDLimits.valueSizeBytes).contains(item.value.count)
        }
        let start = index + 1
        guard skipString(bytes, &index) else { return false }
        item.kind = .quoted
        item.value = start..<index - 1
        return item.value.count <= CMCDLimits.valueSizeBytes
    }

    /// Past the closing quote; false where there is none.
    private static func skipString(_ bytes: [UInt8], _ index: inout Int) -> Bool {
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case quote:
                index += 1
                return true
            case backslash: index += 2
            default: index += 1
            }
        }
        index = bytes.count
        return false
    }

    /// Past the next comma that stands in no string.
    private static func skipToComma(_ bytes: [UInt8], _ index: inout Int) {
        while index < bytes.count, bytes[index] != comma {
            if bytes[index] == quote { _ = skipString(bytes, &index) } else { index += 1 }
        }
        index = min(index + 1, bytes.count)
    }

    private static func skipSpace(_ bytes: [UInt8], _ index: inout Int) {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    private static func isBareByte(_ byte: UInt8) -> Bool {
        switch byte {
        case comma, quote, UInt8(ascii: ";"), UInt8(ascii: ")"), equals: false
        default: byte > 0x20 && byte < 0x7F
        }
    }

    private static let comma = UInt8(ascii: ",")
    private static let equals = UInt8(ascii: "=")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}
