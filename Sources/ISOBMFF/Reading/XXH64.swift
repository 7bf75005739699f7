/// The 64-bit hash XXH64.
///
/// `unsafe` here is for whole-integer loads, each checked against the bounds: see `BigEndian`.
///
/// xxHash fast digest algorithm, "XXH64 algorithm description"
package enum XXH64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    package static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        hash(bytes, in: 0..<bytes.count, seed: seed)
    }

    /// Hashes a part of `bytes`; a chain of parts is hashed by giving each the last one's hash as
    /// its seed.
    package static func hash(_ bytes: [UInt8], in range: Range<Int>, seed: UInt64) -> UInt64 {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        let span = unsafe bytes.span.bytes
        var position = range.lowerBound
        var hash: UInt64
        if range.count >= 32 {
            var lane1 = seed &+ prime1 &+ prime2
            var lane2 = seed &+ prime2
            var lane3 = seed
            var lane4 = seed &- prime1
            while position + 32 <= range.upperBound {
                lane1 = round(lane1, span.littleEndianUInt64(at: position))
                lane2 = round(lane2, span.littleEndianUInt64(at: position + 8))
                lane3 = round(lane3, span.littleEndianUInt64(at: position + 16))
                lane4 = round(lane4, span.littleEndianUInt64(at: position + 24))
                position += 32
            }
            hash = rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
            for lane in [lane1, lane2, lane3, lane4] {
                hash = (hash ^ round(0, lane)) &* prime1 &+ prime4
            }
        } else {
            hash = seed &+ prime5
        }
        hash &+= UInt64(range.count)
        while position + 8 <= range.upperBound {
            hash ^= round(0, span.littleEndianUInt64(at: position))
            hash = rotate(hash, 27) &* prime1 &+ prime4
            position += 8
        }
        if position + 4 <= range.upperBound {
            hash ^= UInt64(span.littleEndianUInt32(at: position)) &* prime1
            hash = rotate(hash, 23) &* prime2 &+ prime3
            position += 4
        }
        while position < range.upperBound {
            hash ^= UInt64(span.byte(at: position)) &* prime5
            hash = rotate(hash, 11) &* prime1
            position += 1
        }
        return avalanche(hash)
    }

    private static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
        rotate(accumulator &+ input &* prime2, 31) &* prime1
    }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    private static func avalanche(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }
}
