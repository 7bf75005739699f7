/// The 128-bit hash FNV-1a: for what is short, such as keys.
///
/// The same in every process and on every machine, unlike `Hasher`.
///
/// RFC 9923
package enum FNV1a {
    package static func hash(_ bytes: RawSpan) -> UInt128 {
        var hash = offsetBasis
        for index in 0..<bytes.byteCount {
            hash ^= UInt128(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            hash &*= prime
        }
        return hash
    }

    private static let offsetBasis = UInt128(0x6C62_272E_07BB_0142) << 64 | 0x62B8_2175_6295_C58D
    /// 2^88 + 2^8 + 0x3B.
    private static let prime = UInt128(1) << 88 | 0x13B
}
