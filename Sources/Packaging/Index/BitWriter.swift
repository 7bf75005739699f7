/// Appends numbers of any width to bytes, least significant bit first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// Appends the low `width` bits of a value; at most 56.
    @inline(__always)
    mutating func append(_ value: UInt64, width: Int) {
        pending |= value << UInt64(pendingBits)
        pendingBits += width
        while pendingBits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }

    /// Fills the last byte with zeros, so that what follows starts at a byte.
    mutating func alignToByte() {
        guard pendingBits > 0 else { return }
        append(0, width: 8 - pendingBits)
    }

    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// Bits that hold every number up to a greatest one.
    @inline(__always)
    static func width(of greatest: UInt64) -> Int { 64 - greatest.leadingZeroBitCount }
}
