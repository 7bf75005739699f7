/// The CRC of program-specific information: polynomial 0x04C11DB7, most significant bit first,
/// all ones at the start and no inversion at the end.
///
/// ISO/IEC 13818-1 annex A
enum CRC32 {
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var register: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            register ^= UInt32(byte) << 24
            for _ in 0..<8 {
                register = register << 1 ^ (register >> 31 == 1 ? 0x04C1_1DB7 : 0)
            }
        }
        return register
    }
}
