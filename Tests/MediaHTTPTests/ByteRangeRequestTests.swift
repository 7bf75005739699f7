import MediaHTTP
import Testing

/// Ranges, RFC 9110 §14.1.2 and §14.2.
struct ByteRangeRequestTests {
    @Test(
        arguments: [
            ("bytes=0-0", .part(0..<1)), ("bytes=0-99", .part(0..<100)),
            ("bytes=10-", .part(10..<100)), ("bytes=99-200", .part(99..<100)),
            ("bytes=-1", .part(99..<100)), ("bytes=-500", .part(0..<100)),
            ("BYTES=1-2", .part(1..<3)), ("bytes= 1-2", .part(1..<3)),
            ("bytes=0-99999999999999999999999", .part(0..<100)),
            ("bytes=100-", .unsatisfiable), ("bytes=100-200", .unsatisfiable),
            ("bytes=-0", .unsatisfiable), ("bytes=99999999999999999999999-", .unsatisfiable),
            ("bytes=5-4", .whole), ("bytes=-", .whole), ("bytes=", .whole), ("bytes", .whole),
            ("items=0-1", .whole), ("bytes=a-b", .whole), ("bytes=1-2-3", .whole),
            ("bytes=0-1,3-4", .whole), ("bytes=+1-2", .whole), ("bytes=1 -2", .whole), ("", .whole),
        ] as [(String, ByteRangeRequest)]
    )
    func aFieldAsksForTheseOfAHundredBytes(field: String, expected: ByteRangeRequest) {
        #expect(ByteRangeRequest(field, sizeBytes: 100) == expected)
    }

    @Test func anEmptyBodyHasNoRange() {
        #expect(ByteRangeRequest("bytes=0-", sizeBytes: 0) == .unsatisfiable)
        #expect(ByteRangeRequest("bytes=-1", sizeBytes: 0) == .unsatisfiable)
    }
}
