/// The 64-bit xxHash of bytes that come piece by piece; seed 0.
///
/// Tells wrong bytes from right ones at memory speed, so that hashing every viewer's body does not
/// slow the crowd. It is no defence against somebody who forges bytes, and needs to be none.
///
/// The xxHash fast digest algorithm, specification 0.1.1.
package struct XXH64: Sendable {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    private var lanes = SIMD4<UInt64>(
        Self.prime1 &+ Self.prime2,
        Self.prime2,
        0,
        0 &- Self.prime1
    )
    /// Bytes that do not fill a stripe yet.
    private var rest = SIMD32<UInt8>()
    private var restCount = 0
    private var length: UInt64 = 0

    package init() {}

    package mutating func update(_ bytes: RawSpan) {
        length &+= UInt64(bytes.byteCount)
        var offset = 0
        if restCount > 0 {
            while restCount < 32, offset < bytes.byteCount {
                rest[restCount] = bytes.unsafeByte(offset)
                restCount += 1
                offset += 1
            }
            guard restCount == 32 else { return }
            let words = unsafe unsafeBitCast(rest, to: SIMD4<UInt64>.self)
            lanes = Self.mixed(lanes, words)
            restCount = 0
        }
        var lanes = lanes
        while bytes.byteCount &- offset >= 32 {
            let words = SIMD4<UInt64>(
                bytes.word(offset),
                bytes.word(offset &+ 8),
                bytes.word(offset &+ 16),
                bytes.word(offset &+ 24)
            )
            lanes = Self.mixed(lanes, words)
            offset &+= 32
        }
        self.lanes = lanes
        while offset < bytes.byteCount {
            rest[restCount] = bytes.unsafeByte(offset)
            restCount += 1
            offset += 1
        }
    }

    /// The hash of all bytes so far.
    package var value: UInt64 {
        var hash: UInt64
        if length >= 32 {
            hash =
                Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7)
                &+ Self.rotated(lanes[2], 12) &+ Self.rotated(lanes[3], 18)
            for index in 0..<4 {
                hash ^= Self.round(0, lanes[index])
                hash = hash &* Self.prime1 &+ Self.prime4
            }
        } else {
            hash = Self.prime5
        }
        hash &+= length
        var index = 0
        while index + 8 <= restCount {
            hash ^= Self.round(0, restWord(index, bytes: 8))
            hash = Self.rotated(hash, 27) &* Self.prime1 &+ Self.prime4
            index += 8
        }
        if index + 4 <= restCount {
            hash ^= restWord(index, bytes: 4) &* Self.prime1
            hash = Self.rotated(hash, 23) &* Self.prime2 &+ Self.prime3
            index += 4
        }
        while index < restCount {
            hash ^= UInt64(rest[index]) &* Self.prime5
            hash = Self.rotated(hash, 11) &* Self.prime1
            index += 1
        }
        hash ^= hash >> 33
        hash = hash &* Self.prime2
        hash ^= hash >> 29
        hash = hash &* Self.prime3
        return hash ^ (hash >> 32)
    }

    private func restWord(_ start: Int, bytes: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<bytes { word |= UInt64(rest[start + index]) << UInt64(8 * index) }
        return word
    }

    private static func mixed(_ lanes: SIMD4<UInt64>, _ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
        SIMD4(
            round(lanes[0], words[0]),
            round(lanes[1], words[1]),
            round(lanes[2], words[2]),
            round(lanes[3], words[3])
        )
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* prime2, 31) &* prime1
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}

extension RawSpan {
    /// Callers stay below `byteCount`.
    fileprivate func unsafeByte(_ offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes, least significant first; callers stay below `byteCount`.
    fileprivate func word(_ offset: Int) -> UInt64 {
        UInt64(
            littleEndian: unsafe unsafeLoadUnaligned(
                fromUncheckedByteOffset: offset,
                as: UInt64.self
            )
        )
    }
}
