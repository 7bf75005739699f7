import Cryptography
import Testing

struct HMACSHA256Tests {
    private static func code(_ key: [UInt8], _ head: [UInt8], _ rest: [UInt8] = []) throws -> String
    {
        let code = try HMACSHA256(key: key).code(of: head.span, then: rest.span)
        return hexadecimal(code)
    }

    // RFC 4231 §4.2, §4.3, §4.7
    @Test func givesTheCodesOfTheStandard() throws {
        #expect(
            try Self.code([UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        )
        #expect(
            try Self.code(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        let message = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(
            try Self.code([UInt8](repeating: 0xAA, count: 131), message)
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        )
    }

    @Test func partsAreOneMessage() throws {
        let key = Array("Jefe".utf8)
        let message = Array("what do ya want for nothing?".utf8)
        let whole = try Self.code(key, message)
        for split in 0...message.count {
            let parts = try Self.code(key, Array(message[..<split]), Array(message[split...]))
            #expect(parts == whole)
        }
    }

    @Test func codesDoNotDependOnEachOther() throws {
        let key = try HMACSHA256(key: Array("Jefe".utf8))
        let message = Array("what do ya want for nothing?".utf8)
        let none: [UInt8] = []
        let first = hexadecimal(key.code(of: message.span, then: none.span))
        _ = key.code(of: none.span, then: none.span)
        #expect(hexadecimal(key.code(of: message.span, then: none.span)) == first)
    }

    @Test func oneKeyServesManyTasks() async throws {
        let key = try HMACSHA256(key: Array("Jefe".utf8))
        let codes = await withTaskGroup(of: Set<String>.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let message = Array("what do ya want for nothing?".utf8)
                    let none: [UInt8] = []
                    return Set(
                        (0..<500).map { _ in
                            hexadecimal(key.code(of: message.span, then: none.span))
                        }
                    )
                }
            }
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(
            codes == ["5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"]
        )
    }
}

func hexadecimal(_ digest: Digest256) -> String {
    let digits = Array("0123456789abcdef")
    return digest.bytes.indices.reduce(into: "") { text, index in
        text.append(digits[Int(digest.bytes[index] >> 4)])
        text.append(digits[Int(digest.bytes[index] & 15)])
    }
}
