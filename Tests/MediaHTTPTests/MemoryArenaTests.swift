import Foundation
import MediaHTTP
import NIOCore
import Testing

struct MemoryArenaTests {
    /// Seen as bodies cut short with two event loops, which used one handle at once.
    @Test func severalLoopsSendFromOneArena() async throws {
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let arena = try #require(MemoryArena())
        let region = try #require(
            arena.store(CollectionOfOne(ByteBuffer(bytes: bytes)), sizeBytes: bytes.count)
        )
        try await TestServer.with(answering: { _, _ in .now(.body(.region(region))) }) { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        var whole = 0
                        for _ in 0..<8 {
                            let client = try await server.connect()
                            try await client.send(
                                "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            )
                            let answer = await client.untilClosed()
                            if Array(answer.suffix(bytes.count)) == bytes { whole += 1 }
                        }
                        return whole
                    }
                }
                var whole = 0
                for try await count in group { whole += count }
                #expect(whole == 16 * 8)
            }
        }
    }

    @Test func memoryGoesBackWithTheBody() throws {
        let arena = try #require(MemoryArena())
        var region = arena.store(
            [ByteBuffer(repeating: 1, count: 100_000), ByteBuffer(repeating: 2, count: 1)],
            sizeBytes: 100_001
        )
        #expect(arena.usedBytes == 25 * 4096)
        #expect(region?.bytes(99_999..<100_001) == ByteBuffer(bytes: [1, 2]))
        region = nil
        #expect(arena.usedBytes == 0)
    }

    @Test func bodiesDoNotTouchEachOther() throws {
        let arena = try #require(MemoryArena())
        let first = arena.store([ByteBuffer(repeating: 1, count: 5000)], sizeBytes: 5000)
        var second = arena.store([ByteBuffer(repeating: 2, count: 5000)], sizeBytes: 5000)
        let third = arena.store([ByteBuffer(repeating: 3, count: 5000)], sizeBytes: 5000)
        #expect(second?.bytes(0..<5000) == ByteBuffer(repeating: 2, count: 5000))
        second = nil
        #expect(first?.bytes(0..<5000) == ByteBuffer(repeating: 1, count: 5000))
        #expect(third?.bytes(0..<5000) == ByteBuffer(repeating: 3, count: 5000))
    }

    @Test func aBodyLiesInAFolderThatHoldsNothing() throws {
        let arena = try #require(MemoryArena(folder: "/dev/shm"))
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let first = arena.store(
            [ByteBuffer(bytes: bytes[..<200_001]), ByteBuffer(bytes: bytes[200_001...])],
            sizeBytes: bytes.count
        )
        let second = arena.store([ByteBuffer(repeating: 2, count: 5000)], sizeBytes: 5000)
        #expect(first?.bytes(0..<bytes.count) == ByteBuffer(bytes: bytes))
        #expect(second?.bytes(0..<5000) == ByteBuffer(repeating: 2, count: 5000))
        #expect(MemoryArena(folder: "/dev/shm/no such folder") == nil)
    }
}
