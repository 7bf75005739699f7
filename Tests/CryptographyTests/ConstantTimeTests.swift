import Cryptography
import Testing

struct ConstantTimeTests {
    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        ConstantTime.isEqual(left.span, right.span)
    }

    @Test func comparesEveryByte() {
        let bytes = Array(UInt8(0)..<48)
        #expect(Self.isEqual(bytes, bytes))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x80
            #expect(!Self.isEqual(bytes, other))
        }
    }

    @Test func sizesCount() {
        #expect(Self.isEqual([], []))
        #expect(!Self.isEqual([], [0]))
        #expect(!Self.isEqual([0, 0], [0]))
    }
}

struct RandomBytesTests {
    @Test func callsGiveOtherBytes() throws {
        #expect(try RandomBytes.make(count: 0).isEmpty)
        let first = try RandomBytes.make(count: 32)
        let second = try RandomBytes.make(count: 32)
        #expect(first.count == 32)
        #expect(first != second)
    }
}
