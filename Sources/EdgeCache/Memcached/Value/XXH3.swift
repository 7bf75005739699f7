/// The 64-bit hash XXH3 without a seed, of more than 240 bytes.
///
/// Beside the XXH64 of `ISOBMFF`, which knows no other module, because every byte that comes out of
/// memcached is hashed: this one is a multiple faster, as its rounds are vector instructions of
/// every processor. Its other paths, for short inputs, are left out: FNV-1a serves those here.
///
/// `unsafe` here is for whole-vector loads, each checked against the bounds of its span.
///
/// xxHash fast digest algorithm, "XXH3 algorithm description"
package enum XXH3 {
    /// The first length that this can hash.
    package static let shortestSizeBytes = 241

    package static func hash(_ bytes: RawSpan) -> UInt64 {
        precondition(bytes.byteCount >= shortestSizeBytes)
        let secret = unsafe secretWords.span.bytes
        var lanes = Lanes(
            0xC2B2_AE3D,
            prime1,
            prime2,
            prime3,
            prime4,
            0x85EB_CA77,
            prime5,
            UInt64(prime32)
        )
        let blockCount = (bytes.byteCount - 1) / blockSizeBytes
        for block in 0..<blockCount {
            let start = block * blockSizeBytes
            for stripe in 0..<stripesPerBlock {
                let offset = start + stripe * stripeSizeBytes
                accumulate(&lanes, bytes.lanes(at: offset), secret.lanes(at: stripe * 8))
            }
            scramble(&lanes, secret.lanes(at: secretSizeBytes - stripeSizeBytes))
        }
        let rest = blockCount * blockSizeBytes
        for stripe in 0..<(bytes.byteCount - 1 - rest) / stripeSizeBytes {
            let offset = rest + stripe * stripeSizeBytes
            accumulate(&lanes, bytes.lanes(at: offset), secret.lanes(at: stripe * 8))
        }
        let last = bytes.lanes(at: bytes.byteCount - stripeSizeBytes)
        accumulate(&lanes, last, secret.lanes(at: secretSizeBytes - stripeSizeBytes - 7))
        return merge(lanes, secret.lanes(at: 11), sizeBytes: bytes.byteCount)
    }

    fileprivate typealias Lanes = SIMD8<UInt64>

    private static let stripeSizeBytes = 64
    private static let secretSizeBytes = 192
    private static let stripesPerBlock = (secretSizeBytes - stripeSizeBytes) / 8
    private static let blockSizeBytes = stripeSizeBytes * stripesPerBlock

    private static let prime32: UInt32 = 0x9E37_79B1
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
    private static let primeMX1: UInt64 = 0x1656_6791_9E37_79F9

    @inline(__always)
    private static func accumulate(_ lanes: inout Lanes, _ data: Lanes, _ secret: Lanes) {
        let keyed = data ^ secret
        // Each lane takes its neighbour's data.
        let swapped = Lanes(
            data[1],
            data[0],
            data[3],
            data[2],
            data[5],
            data[4],
            data[7],
            data[6]
        )
        let low = keyed & Lanes(repeating: 0xFFFF_FFFF)
        lanes = lanes &+ swapped &+ low &* (keyed &>> 32)
    }

    @inline(__always)
    private static func scramble(_ lanes: inout Lanes, _ secret: Lanes) {
        lanes = (lanes ^ (lanes &>> 47) ^ secret) &* Lanes(repeating: UInt64(prime32))
    }

    private static func merge(_ lanes: Lanes, _ secret: Lanes, sizeBytes: Int) -> UInt64 {
        let keyed = lanes ^ secret
        var hash = UInt64(sizeBytes) &* prime1
        for pair in 0..<4 {
            let product = keyed[2 * pair].multipliedFullWidth(by: keyed[2 * pair + 1])
            hash &+= product.low ^ product.high
        }
        hash = (hash ^ hash >> 37) &* primeMX1
        return hash ^ hash >> 32
    }

    /// The default secret of the algorithm, as little-endian words.
    private static let secretWords: [UInt64] = [
        0xBE4B_A423_396C_FEB8, 0x1CAD_21F7_2C81_017C, 0xDB97_9083_E96D_D4DE,
        0x1F67_B3B7_A4A4_4072, 0x78E5_C0CC_4EE6_79CB, 0x2172_FFCC_7DD0_5A82,
        0x8E24_43F7_7446_08B8, 0x4C26_3A81_E690_35E0, 0xCB00_C391_BB52_283C,
        0xA32E_531B_8B65_D088, 0x4EF9_0DA2_9748_6471, 0xD8AC_DEA9_46EF_1938,
        0x3F34_9CE3_3F76_FAA8, 0x1D4F_0BC7_C7BB_DCF9, 0x3159_B4CD_4BE0_518A,
        0x6473_78D9_C97E_9FC8, 0xC3EB_D334_83AC_C5EA, 0xEB63_13FA_FFA0_81C5,
        0x49DA_F0B7_51DD_0D17, 0x9E68_D429_2655_16D3, 0xFCA1_477D_58BE_162B,
        0xCE31_D07A_D1B8_F88F, 0x2804_1695_8F3A_CB45, 0x7E40_4BBB_CAFB_D7AF,
    ]
}

extension RawSpan {
    @inline(__always)
    fileprivate func lanes(at offset: Int) -> XXH3.Lanes {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: XXH3.Lanes.self)
    }
}
