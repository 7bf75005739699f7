/// A cursor over the bits of a header, most significant first.
///
/// Behind the end it reads zeros and says so: a header is read to its end, then asked once.
struct BitCursor {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var isOverrun = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A NAL unit without the bytes that keep start codes out. ISO/IEC 14496-10 §7.4.1
    init(unescaping unit: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// The next bits as a number; at most 32 at once.
    mutating func read(_ count: Int) -> Int {
        guard count <= bytes.count * 8 - position else {
            isOverrun = true
            position = bytes.count * 8
            return 0
        }
        var value = 0
        for bit in position..<position + count {
            value = value << 1 | Int(bytes[bit / 8] >> (7 - bit % 8) & 1)
        }
        position += count
        return value
    }

    mutating func flag() -> Bool { read(1) == 1 }

    mutating func skip(_ count: Int) {
        guard count <= bytes.count * 8 - position else {
            isOverrun = true
            position = bytes.count * 8
            return
        }
        position += count
    }

    /// ue(v), and AV1's uvlc(). ISO/IEC 14496-10 §9.1
    mutating func exponentialGolomb() -> Int {
        var zeros = 0
        while !isOverrun, zeros < 32, !flag() { zeros += 1 }
        return zeros == 0 ? 0 : (1 << zeros) - 1 + read(zeros)
    }

    /// se(v). ISO/IEC 14496-10 §9.1.1
    mutating func signedExponentialGolomb() -> Int {
        let value = exponentialGolomb()
        return value & 1 == 1 ? (value + 1) / 2 : -value / 2
    }
}
