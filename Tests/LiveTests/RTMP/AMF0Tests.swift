import Live
import Testing

struct AMF0Tests {
    private static let value = AMF0Value.object([
        AMF0Property("number", .number(-1.5)),
        AMF0Property("yes", .boolean(true)),
        AMF0Property("text", .string("ünï")),
        AMF0Property("long", .string(String(repeating: "a", count: 70_000))),
        AMF0Property("nothing", .null),
        AMF0Property("undefined", .undefined),
        AMF0Property("map", .ecmaArray([AMF0Property("a", .number(1))])),
        AMF0Property("list", .strictArray([.string("x"), .object([])])),
        AMF0Property("date", .date(1_700_000_000_000)),
    ])

    @Test func valuesRoundTrip() throws {
        var reader = AMF0Reader(AMF0Writer.bytes(Self.value, .null))
        #expect(try reader.remaining() == [Self.value, .null])
    }

    @Test func bytesAreThoseOfTheSpecification() {
        #expect(AMF0Writer.bytes(.number(1)) == [0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0])
        #expect(AMF0Writer.bytes(.string("ab")) == [2, 0, 2, 97, 98])
        let object = AMF0Value.object([AMF0Property("a", .null)])
        #expect(AMF0Writer.bytes(object) == [3, 0, 1, 97, 5, 0, 0, 9])
        #expect(AMF0Writer.bytes(.strictArray([.boolean(true)])) == [10, 0, 0, 0, 1, 1, 1])
    }

    @Test func everyCutIsTruncated() {
        let short = AMF0Value.object(Self.value.properties.filter { $0.name != "long" })
        let bytes = AMF0Writer.bytes(short)
        for count in bytes.indices {
            #expect(throws: AMF0Error.self) {
                var reader = AMF0Reader(Array(bytes[..<count]))
                _ = try reader.next()
            }
        }
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0, count: depth).flatMap { _ in [10, 0, 0, 0, 1] as [UInt8] } + [5]
        }
        var allowed = AMF0Reader(nested(AMF0Limits.depth))
        #expect(throws: Never.self) { try allowed.next() }
        #expect(throws: AMF0Error.tooDeep(offsetBytes: 85)) {
            var reader = AMF0Reader(nested(100_000))
            _ = try reader.next()
        }
    }

    @Test func countsAreLimited() {
        let values = [UInt8](repeating: 5, count: AMF0Limits.valueCount + 1)
        #expect(throws: AMF0Error.tooManyValues(offsetBytes: AMF0Limits.valueCount)) {
            var reader = AMF0Reader(values)
            _ = try reader.remaining()
        }
        #expect(throws: AMF0Error.truncated(offsetBytes: 5)) {
            var reader = AMF0Reader([10, 0xFF, 0xFF, 0xFF, 0xFF, 5])
            _ = try reader.next()
        }
    }

    @Test func whatIsNoneIsNamed() {
        #expect(throws: AMF0Error.unusableMarker(17, offsetBytes: 0)) {
            var reader = AMF0Reader([17, 1])
            _ = try reader.next()
        }
        #expect(throws: AMF0Error.missingObjectEnd(offsetBytes: 3)) {
            var reader = AMF0Reader([3, 0, 0, 8])
            _ = try reader.next()
        }
    }
}
