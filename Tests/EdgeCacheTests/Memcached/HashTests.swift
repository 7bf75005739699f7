import EdgeCache
import Testing

struct HashTests {
    /// Of the reference implementation, for bytes that count by 31 from 7.
    @Test(
        arguments: [
            (241, 0x0B3B_6309_48CE_4A00), (256, 0xEC85_B75B_AFE6_CA74),
            (512, 0xEFC2_E52D_1C2F_FBAA),
            (1024, 0x23BC_880E_BF0D_29C6), (1025, 0xC09F_DFBC_398C_7D82),
            (1088, 0xA16B_AD67_843C_5A45), (1089, 0x8223_27A8_6AAD_957C),
            (2048, 0x19F6_F9C9_8733_1373), (4096, 0xA3C1_9F81_74CD_E0BB),
            (65537, 0xD6B5_49A3_FD1D_4112), (500_000, 0x2CA5_ECC0_3CF5_EB2C),
        ] as [(Int, UInt64)]
    )
    func xxh3IsThatOfTheReference(sizeBytes: Int, hash: UInt64) {
        let bytes = (0..<sizeBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        #expect(unsafe XXH3.hash(bytes.span.bytes) == hash)
    }

    /// Of the algorithm's authors, http://www.isthe.com/chongo/tech/comp/fnv/.
    @Test(
        arguments: [
            ("", 0x6C62_272E_07BB_0142, 0x62B8_2175_6295_C58D),
            ("a", 0xD228_CB69_6F1A_8CAF, 0x7891_2B70_4E4A_8964),
            ("foobar", 0x343E_1662_793C_64BF, 0x6F0D_3597_BA44_6F18),
        ] as [(String, UInt64, UInt64)]
    )
    func fnv1aIsThatOfTheReference(text: String, high: UInt64, low: UInt64) {
        let bytes = Array(text.utf8)
        #expect(unsafe FNV1a.hash(bytes.span.bytes) == UInt128(high) << 64 | UInt128(low))
    }

    @Test func namesFitTheProtocol() {
        let long = MemcachedKey(CacheKey(String(repeating: "/a b\r\n", count: 1000)))
        #expect(long.bytes.count == 42)
        #expect(long.bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(long.slice(0) == long.bytes)
        #expect(String(decoding: long.slice(12), as: UTF8.self).hasSuffix(".12"))
        #expect(MemcachedKey(CacheKey("/a")).bytes != MemcachedKey(CacheKey("/b")).bytes)
    }
}
