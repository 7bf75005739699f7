import MediaHTTP
import Testing

/// Bodies of very many ranges, as long progressive files are.
@Suite(.timeLimit(.minutes(1)))
struct ManyRangesTests {
    /// Ranges of 0 to 6 bytes, each somewhere else in the file.
    private func body(_ file: TemporaryFile, count: Int) throws -> (StoredBody, [UInt8]) {
        let stored = try file.open()
        var ranges: [StoredRange] = []
        var expected: [UInt8] = []
        for index in 0..<count {
            let (offset, size) = (index * 13 % 8000, index * 5 % 7)
            ranges.append(
                StoredRange(file: stored, offsetBytes: UInt64(offset), sizeBytes: UInt64(size))
            )
            expected += file.bytes[offset..<offset + size]
        }
        let size = UInt64(expected.count + 3)
        return (
            StoredBody(header: [1, 2, 3], ranges: ranges, sizeBytes: size), [1, 2, 3] + expected
        )
    }

    @Test(arguments: [15, 17, 300])
    func everyByteIsFoundInItsRange(count: Int) throws {
        let (body, expected) = try body(try TemporaryFile(sizeBytes: 9000), count: count)
        var next = 0
        for (index, range) in body.ranges.enumerated() {
            for passed in 0..<Int(range.sizeBytes) {
                let found = body.range(holding: UInt64(next))
                #expect(found.index == index)
                #expect(found.passedBytes == UInt64(passed))
                next += 1
            }
        }
        #expect(next == expected.count - 3)
        #expect(body.range(holding: UInt64(next)).index == count)
    }

    @Test func partsOfThemAreSent() async throws {
        let (body, expected) = try body(try TemporaryFile(sizeBytes: 9000), count: 5000)
        try await TestServer.with(answering: { _, _ in .now(.body(.stored(body))) }) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").body == expected)
            for lower in [0, 2, 3, 4, 4999, expected.count - 1] {
                let upper = min(lower + 500, expected.count - 1)
                let part = try await client.get("/", "Range: bytes=\(lower)-\(upper)\r\n")
                #expect(part.body == Array(expected[lower...upper]))
            }
        }
    }

    /// Two hours of video are 360 000 ranges; a walk through them is a thousand times as long as
    /// one through 360, and a search not twice.
    @Test func findingAByteDoesNotTakeAsLongAsTheBodyIs() throws {
        let file = try TemporaryFile(sizeBytes: 9000)
        let (short, long) = (try body(file, count: 360).0, try body(file, count: 360_000).0)
        func time(_ body: StoredBody) -> Duration {
            let last = body.sizeBytes - 4
            return (0..<5).map { _ in
                ContinuousClock().measure {
                    for step in 0..<1000 where body.range(holding: last - UInt64(step)).index < 0 {}
                }
            }.min() ?? .zero
        }
        #expect(time(long) < time(short) * 50)
    }
}
