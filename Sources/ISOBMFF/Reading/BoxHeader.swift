/// Size and type in front of every box.
///
/// ISO/IEC 14496-12 §4.2
struct BoxHeader {
    /// Bytes of a header with a 32-bit size.
    static let smallSizeBytes = 8
    /// Bytes of a header with a 64-bit size.
    static let largeSizeBytes = 16

    let type: FourCC
    /// Size of the whole box, at least that of its header; nil: to the end of what holds it.
    let sizeBytes: UInt64?
    let headerSizeBytes: Int

    /// Reads the header at an index of `bytes`; nil where fewer bytes are there than it has.
    init?(bytes: [UInt8], at index: Int, end: Int) throws(ISOBMFFError) {
        guard end - index >= Self.smallSizeBytes else { return nil }
        let smallSize = Self.integer(bytes, at: index, size: 4)
        let type = FourCC(rawValue: UInt32(Self.integer(bytes, at: index + 4, size: 4)))
        self.type = type
        switch smallSize {
        case 0:
            self.headerSizeBytes = Self.smallSizeBytes
            self.sizeBytes = nil
        case 1:
            guard end - index >= Self.largeSizeBytes else { return nil }
            self.headerSizeBytes = Self.largeSizeBytes
            self.sizeBytes = Self.integer(bytes, at: index + 8, size: 8)
        default:
            self.headerSizeBytes = Self.smallSizeBytes
            self.sizeBytes = smallSize
        }
        if let sizeBytes, sizeBytes < UInt64(headerSizeBytes) {
            throw .invalid(box: type, field: "size", value: Int64(sizeBytes))
        }
    }

    private static func integer(_ bytes: [UInt8], at index: Int, size: Int) -> UInt64 {
        bytes[index..<index + size].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
