/// Bytes from hexadecimal digits, white space between them ignored, so that a test can lay a box
/// out field by field.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// Four characters as the bytes of a box type.
func code(_ text: String) -> [UInt8] {
    Array(text.utf8)
}
