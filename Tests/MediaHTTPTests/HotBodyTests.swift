import Foundation
import MediaHTTP
import NIOCore
import Synchronization
import Testing

/// Small bodies that are asked for again and again, and files that are written to meanwhile.
@Suite(.timeLimit(.minutes(1)))
struct HotBodyTests {
    /// Reads as the system does, and counts.
    private final class Reads: Sendable {
        let count = Atomic<Int>(0)

        var reading: FileReading {
            unsafe FileReading(
                resident: { file, destination, offset in
                    self.count.wrappingAdd(1, ordering: .relaxed)
                    return unsafe FileReading.systemBlocking(file, destination, offset)
                },
                blocking: FileReading.systemBlocking
            )
        }

        var value: Int { count.load(ordering: .relaxed) }
    }

    private func serve(
        _ bodies: [StoredBody],
        limits: MediaLimits = .patient,
        reads: Reads,
        _ use: (RawClient) async throws -> Void
    ) async throws {
        let respond: ClosureHandler.Respond = { request, _ in
            let index = Int(request.path.dropFirst()) ?? 0
            return .now(.body(.stored(bodies[index])))
        }
        try await TestServer.with(limits: limits, reading: reads.reading, answering: respond) {
            server in
            try await use(try await server.connect())
        }
    }

    @Test func theThirdRequestReadsNothing() async throws {
        let file = try TemporaryFile(sizeBytes: 60_000)
        let reads = Reads()
        try await serve([try file.body(header: [1, 2, 3]).storedBody], reads: reads) { client in
            for _ in 0..<2 { try await client.expect("/0", [1, 2, 3] + file.bytes) }
            let before = reads.value
            for _ in 0..<3 { try await client.expect("/0", [1, 2, 3] + file.bytes) }
            #expect(reads.value == before)
        }
    }

    @Test func anotherHeaderOverTheSameBytesIsItsOwn() async throws {
        let file = try TemporaryFile(sizeBytes: 5_000)
        let handle = try file.open()
        let range = StoredRange(file: handle, offsetBytes: 0, sizeBytes: 5_000)
        let bodies = [[UInt8]("one".utf8), Array("longer".utf8)].map { header in
            StoredBody(header: header, ranges: [range], sizeBytes: UInt64(5_000 + header.count))
        }
        try await serve(bodies, reads: Reads()) { client in
            for _ in 0..<4 {
                try await client.expect("/0", Array("one".utf8) + file.bytes)
                try await client.expect("/1", Array("longer".utf8) + file.bytes)
            }
        }
    }

    @Test func rangesThatBeginAlikeAndDifferAreNotMixed() async throws {
        let file = try TemporaryFile(sizeBytes: 5_000)
        let handle = try file.open()
        func body(_ offset: UInt64) -> StoredBody {
            StoredBody(
                header: [],
                ranges: [
                    StoredRange(file: handle, offsetBytes: 0, sizeBytes: 100),
                    StoredRange(file: handle, offsetBytes: offset, sizeBytes: 100),
                ],
                sizeBytes: 200
            )
        }
        try await serve([body(1_000), body(2_000)], reads: Reads()) { client in
            for _ in 0..<4 {
                let first = Array(file.bytes[..<100])
                try await client.expect("/0", first + file.bytes[1_000..<1_100])
                try await client.expect("/1", first + file.bytes[2_000..<2_100])
            }
        }
    }

    @Test func partsOfAKeptBodyAreRight() async throws {
        let file = try TemporaryFile(sizeBytes: 9_000)
        try await serve([try file.body(header: [9]).storedBody], reads: Reads()) { client in
            for _ in 0..<3 { _ = try await client.get("/0") }
            let part = try await client.get("/0", "Range: bytes=1-100\r\n")
            #expect(part.body == Array(file.bytes[..<100]))
        }
    }

    @Test func whatIsKeptStaysWithinItsMemory() async throws {
        let file = try TemporaryFile(sizeBytes: 100_000)
        let handle = try file.open()
        let bodies = (0..<10).map { index in
            StoredBody(
                header: [],
                ranges: [
                    StoredRange(
                        file: handle,
                        offsetBytes: UInt64(index) * 10_000,
                        sizeBytes: 10_000
                    )
                ],
                sizeBytes: 10_000
            )
        }
        var limits = MediaLimits.patient
        limits.hotMemoryBytes = 40_000
        let reads = Reads()
        try await serve(bodies, limits: limits, reads: reads) { client in
            for _ in 0..<3 {
                for index in 0..<10 {
                    let expected = Array(file.bytes[(index * 10_000)..<((index + 1) * 10_000)])
                    try await client.expect("/\(index)", expected)
                }
            }
            // Ten do not fit where a few do, so the third walk had to read most of them again.
            #expect(reads.value >= 26)
        }
    }

    @Test(arguments: [false, true])
    func aFileThatIsWrittenInPlaceIsNotServed(isHot: Bool) async throws {
        let file = try TemporaryFile(sizeBytes: 20_000)
        try await serve([try file.body(header: [1]).storedBody], reads: Reads()) { client in
            for _ in 0..<(isHot ? 3 : 1) {
                let answer = try await client.get("/0")
                #expect(answer.status == 200)
            }
            let handle = try #require(FileHandle(forWritingAtPath: file.url.path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data([0]))
            try handle.close()
            let answer = try await client.get("/0")
            #expect(answer.status == 503)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("source_changed"))
        }
    }
}

extension RawClient {
    /// Asks for a body and holds it against what it should be.
    fileprivate func expect(_ path: String, _ body: [UInt8]) async throws {
        let answer = try await get(path)
        #expect(answer.status == 200)
        #expect(answer.body == body)
    }
}
