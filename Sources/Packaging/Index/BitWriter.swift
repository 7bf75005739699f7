/// Appends numbers of any width to bytes, least significant bit first.
///
/// `unsafe` here is one copy of whole words as bytes.
struct BitWriter {
    private var words: [UInt64] = []
    /// The word at hand, and how many bits of it are used: never all.
    private var pending: UInt64 = 0
    private var pendingBits = 0

    mutating func reserveCapacity(sizeBytes: Int) { words.reserveCapacity(sizeBytes / 8) }

    /// Appends a value of which only the low `width` bits, at most 64, may be set.
    @inline(__always)
    mutating func append(_ value: UInt64, width: Int) {
        pending |= value << UInt64(pendingBits)
        let bits = pendingBits + width
        guard bits >= 64 else {
            pendingBits = bits
            return
        }
        words.append(pending.littleEndian)
        // A shift by 64, where the value has just filled the word, gives 0.
        pending = value >> UInt64(64 - pendingBits)
        pendingBits = bits - 64
    }

    /// Fills the last byte with zeros, so that what follows starts at a byte.
    mutating func alignToByte() {
        append(0, width: -pendingBits & 7)
    }

    /// Bytes written, the last one filled or not.
    var sizeBytes: Int { words.count * 8 + (pendingBits + 7) / 8 }

    /// What was written, and zeros behind it.
    func bytes(padding: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(sizeBytes + padding + 8)
        unsafe words.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        for shift in stride(from: 0, to: pendingBits, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt64(shift)))
        }
        bytes += repeatElement(0, count: padding)
        return bytes
    }

    /// Bits that hold every number up to a greatest one.
    @inline(__always)
    static func width(of greatest: UInt64) -> Int { 64 - greatest.leadingZeroBitCount }
}
