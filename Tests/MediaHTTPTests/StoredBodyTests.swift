import Foundation
import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Bodies from files: cold ones, ones that fail, ones that go away.
@Suite(.timeLimit(.minutes(1)))
struct StoredBodyTests {
    /// Nothing is in the page cache; threads read.
    private static let cold = unsafe FileReading(
        resident: { _, _, _ in .notResident },
        blocking: FileReading.systemBlocking
    )

    /// Every other read finds some bytes, and then none.
    private static func patchy() -> FileReading {
        let calls = Atomic<Int>(0)
        return unsafe FileReading(
            resident: { file, destination, offset in
                guard calls.wrappingAdd(1, ordering: .relaxed).newValue % 2 == 1 else {
                    return .notResident
                }
                let some = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: destination[..<min(destination.count, 5000)]
                )
                return unsafe FileReading.systemBlocking(file, some, offset)
            },
            blocking: FileReading.systemBlocking
        )
    }

    private static func failing(after count: Int, cold: Bool) -> FileReading {
        let calls = Atomic<Int>(0)
        let read: FileReading.Read = { file, destination, offset in
            guard calls.wrappingAdd(1, ordering: .relaxed).newValue <= count else {
                return .failed(errorNumber: EIO)
            }
            return unsafe FileReading.systemBlocking(file, destination, offset)
        }
        let none: FileReading.Read = { _, _, _ in .notResident }
        return unsafe FileReading(resident: cold ? none : read, blocking: read)
    }

    @Test(arguments: [true, false])
    func coldBodiesComeFromThreads(isPatchy: Bool) async throws {
        let file = try TemporaryFile(sizeBytes: 1_500_000)
        let plain = try file.body(header: Array("head".utf8)).storedBody
        let expected = Array("head".utf8) + file.bytes
        let respond: ClosureHandler.Respond = { request, _ in
            let made = plain.transformed(by: Inverting(expected.count))
            return .now(.body(.stored(request.path == "/made" ? made : plain)))
        }
        let reading = isPatchy ? Self.patchy() : Self.cold
        try await TestServer.with(reading: reading, answering: respond) { server in
            let client = try await server.connect()
            #expect(try await client.get("/plain").body == expected)
            #expect(try await client.get("/made").body == expected.map { ~$0 })
            let part = try await client.get("/made", "Range: bytes=700000-1400000\r\n")
            #expect(part.body == expected[700_000...1_400_000].map { ~$0 })
            let tail = try await client.get("/plain", "Range: bytes=-3\r\n")
            #expect(tail.body == Array(expected.suffix(3)))
        }
    }

    @Test(arguments: [1, 100, Int.max])
    func severalRangesOfSeveralFilesAreOneBody(sendfileMinimumBytes: Int) async throws {
        let first = try TemporaryFile(sizeBytes: 5000, seed: 1)
        let second = try TemporaryFile(sizeBytes: 5000, seed: 2)
        let ranges = [
            StoredRange(file: try first.open(), offsetBytes: 100, sizeBytes: 50),
            StoredRange(file: try second.open(), offsetBytes: 0, sizeBytes: 0),
            StoredRange(file: try second.open(), offsetBytes: 4000, sizeBytes: 1000),
            StoredRange(file: try first.open(), offsetBytes: 0, sizeBytes: 10),
        ]
        let expected = [7] + first.bytes[100..<150] + second.bytes[4000...] + first.bytes[..<10]
        let body = StoredBody(header: [7], ranges: ranges, sizeBytes: 1061)
        var limits = MediaLimits.patient
        limits.sendfileMinimumBytes = sendfileMinimumBytes
        try await TestServer.with(
            limits: limits,
            answering: { _, _ in .now(.body(.stored(body))) }
        ) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").body == expected)
            for lower in [0, 1, 50, 51, 52, 1050, 1051, 1060] {
                for upper in [lower, min(lower + 60, 1060), 1060] {
                    let part = try await client.get("/", "Range: bytes=\(lower)-\(upper)\r\n")
                    #expect(part.body == Array(expected[lower...upper]))
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func aReadThatFailsBeforeTheHeadIs503(isCold: Bool) async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body()
        try await TestServer.with(
            reading: Self.failing(after: 0, cold: isCold),
            answering: { _, _ in .now(.body(body)) }
        ) { server in
            let client = try await server.connect()
            let answer = try await client.get("/")
            #expect(answer.status == 503)
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["etag"] == nil)
            #expect(answer.text.contains(#""code":"storage_failed""#))
            #expect(try await client.get("/").status == 503)
        }
    }

    @Test(arguments: [true, false])
    func aReadThatFailsAfterTheHeadEndsTheConnection(isCold: Bool) async throws {
        let file = try TemporaryFile(sizeBytes: 3_000_000)
        let body = try file.body()
        var limits = MediaLimits.patient
        limits.pieceSizeBytes = 100_000
        limits.smallPieceSizeBytes = 100_000
        try await TestServer.with(
            limits: limits,
            reading: Self.failing(after: 3, cold: isCold),
            answering: { _, _ in .now(.body(body)) }
        ) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let bytes = await client.untilClosed()
            #expect(String(decoding: bytes.prefix(15), as: UTF8.self) == "HTTP/1.1 200 OK")
            #expect(bytes.count < 400_000)
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].wasAborted)
        }
    }

    @Test func aFileThatShrankIs503AndNeverPadded() async throws {
        let file = try TemporaryFile(sizeBytes: 100_000)
        let body = try file.body()
        try await TestServer.with(answering: { _, _ in .now(.body(body)) }) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 200)
            try file.truncate(to: 50_000)
            let answer = try await client.get("/")
            #expect(answer.status == 503)
            #expect(answer.text.contains(#""code":"source_changed""#))
            // What is left of it may be of another state, so nothing of it is served.
            #expect(try await client.get("/", "Range: bytes=0-999\r\n").status == 503)
        }
    }

    @Test func aFileCutShortUnderASendfileEndsTheConnection() async throws {
        let file = try TemporaryFile(sizeBytes: 40_000_000)
        let body = try file.body()
        var limits = MediaLimits.patient
        limits.pieceSizeBytes = 30_000_000
        limits.writeStallTime = .milliseconds(300)
        try await TestServer.with(limits: limits, answering: { _, _ in .now(.body(body)) }) {
            server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.channel.read()
            try await client.more()
            try file.truncate(to: 1_000_000)
            try await client.channel.setOption(.autoRead, value: true).get()
            client.channel.read()
            let bytes = await client.untilClosed()
            #expect(bytes.count < 40_000_000)
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].wasAborted)
        }
    }

    @Test func aReplacedFileGoesOnWithItsOwnBytes() async throws {
        let file = try TemporaryFile(sizeBytes: 100_000)
        let body = try file.body()
        try await TestServer.with(answering: { _, _ in .now(.body(body)) }) { server in
            try FileManager.default.removeItem(at: file.url)
            try Data([1, 2, 3]).write(to: file.url)
            let client = try await server.connect()
            #expect(try await client.get("/").body == file.bytes)
        }
    }

    @Test(arguments: [true, false])
    func aTransformThatFailsIs502(isCold: Bool) async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body().storedBody.transformed(by: Inverting(10_000, fails: true))
        try await TestServer.with(
            reading: isCold ? Self.cold : .system,
            answering: { _, _ in .now(.body(.stored(body))) }
        ) { server in
            let client = try await server.connect()
            let answer = try await client.get("/")
            #expect(answer.status == 502)
            #expect(answer.text.contains(#""code":"source_damaged""#))
            #expect(try await client.get("/").status == 502)
        }
    }

    @Test func aTransformOfTooMuchIs503() async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body().storedBody.transformed(by: Inverting(10_000))
        var limits = MediaLimits.patient
        limits.transformInputSizeBytes = 9_999
        try await TestServer.with(
            limits: limits,
            answering: { _, _ in .now(.body(.stored(body))) }
        ) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 503)
        }
    }

    @Test func aFullQueueForThreadsIs503() async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body()
        var limits = MediaLimits.patient
        limits.blockingReadCount = 0
        try await TestServer.with(
            limits: limits,
            reading: Self.cold,
            answering: { _, _ in .now(.body(body)) }
        ) { server in
            let client = try await server.connect()
            let answer = try await client.get("/")
            #expect(answer.status == 503)
            #expect(answer.text.contains(#""code":"overloaded""#))
        }
    }

    @Test func aColdDiskStopsNobodyElse() async throws {
        let file = try TemporaryFile(sizeBytes: 10_000)
        let body = try file.body()
        let gate = Gate()
        defer { gate.open() }
        let stuck = unsafe FileReading(
            resident: { _, _, _ in .notResident },
            blocking: { file, destination, offset in
                gate.pass()
                return unsafe FileReading.systemBlocking(file, destination, offset)
            }
        )
        let respond: ClosureHandler.Respond = { request, _ in
            .now(request.path == "/cold" ? .body(body) : .plain("warm"))
        }
        try await TestServer.withOneLoop(reading: stuck, answering: respond) { server in
            let waiting = try await server.connect()
            try await waiting.send("GET /cold HTTP/1.1\r\nHost: x\r\n\r\n")
            let client = try await server.connect()
            for _ in 0..<20 { #expect(try await client.get("/warm").text == "warm") }
            gate.open()
            #expect(try await waiting.answer().body == file.bytes)
        }
    }

    @Test func clientsThatLeaveFreeEverything() async throws {
        let file = try TemporaryFile(sizeBytes: 60_000_000)
        let gate = Gate()
        defer { gate.open() }
        let reading = unsafe FileReading(
            resident: { file, destination, offset in
                // The second half is cold.
                guard offset < 30_000_000 else { return .notResident }
                let count = min(destination.count, 30_000_000 - Int(offset))
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: destination[..<count])
                return unsafe FileReading.systemBlocking(file, part, offset)
            },
            blocking: { file, destination, offset in
                gate.pass()
                return unsafe FileReading.systemBlocking(file, destination, offset)
            }
        )
        let before = try Self.openDescriptors(of: file)
        let url = file.url
        let respond: ClosureHandler.Respond = { request, _ in
            guard let opened = try? StoredFile(opening: url.path) else {
                return .now(.error(status: 500, code: "open", message: ""))
            }
            let offset: UInt64 = request.path == "/cold" ? 30_000_000 : 0
            let range = StoredRange(
                file: opened,
                offsetBytes: offset,
                sizeBytes: 60_000_000 - offset
            )
            return .now(
                .body(.stored(StoredBody(header: [], ranges: [range], sizeBytes: range.sizeBytes)))
            )
        }
        try await TestServer.with(reading: reading, answering: respond) { server in
            for path in ["/cold", "/warm"] {
                for _ in 0..<10 {
                    let client = try await server.connect(reads: false)
                    try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                    try await client.close()
                }
            }
            gate.open()
            await server.observer.wait { $0.openConnections == 0 && $0.records.count == 20 }
            #expect(server.observer.seen.records.allSatisfy { $0.wasAborted })
        }
        #expect(try Self.openDescriptors(of: file) == before)
    }

    @Test func clientsThatLeaveASendfileFreeItsDescriptor() async throws {
        let file = try TemporaryFile(sizeBytes: 20_000_000)
        let body = try file.body()
        let before = try Self.openDescriptors(of: file)
        try await TestServer.with(answering: { _, _ in .now(.body(body)) }) { server in
            for _ in 0..<10 {
                let client = try await server.connect(reads: false)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                try await client.close()
            }
            await server.observer.wait { $0.openConnections == 0 && $0.records.count == 10 }
        }
        #expect(try Self.openDescriptors(of: file) == before)
    }

    @Test func aFileThatLeftThePageCacheIsServed() async throws {
        let file = try TemporaryFile(sizeBytes: 3_000_000)
        let body = try file.body()
        try await TestServer.with(answering: { _, _ in .now(.body(body)) }) { server in
            let client = try await server.connect()
            for _ in 0..<3 {
                try file.dropFromPageCache()
                #expect(try await client.get("/").body == file.bytes)
                #expect(try await client.get("/").body == file.bytes)
            }
        }
    }

    private static func openDescriptors(of file: TemporaryFile) throws -> Int {
        let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return links.count { link in
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(link)"
            )
            return target == file.url.path
        }
    }

    @Test func whatIsNoFileIsNotOpened() {
        #expect(throws: StoredBodyError.openFailed(errorNumber: ENOENT)) {
            try StoredFile(opening: "/nonexistent/file")
        }
        #expect(throws: StoredBodyError.openFailed(errorNumber: EISDIR)) {
            try StoredFile(opening: "/tmp")
        }
    }

    @Test func anIdentityTellsAChangedFile() throws {
        let file = try TemporaryFile(sizeBytes: 10)
        let before = try file.open().identity
        #expect(before.sizeBytes == 10)
        #expect(try file.open().identity == before)
        try file.truncate(to: 5)
        #expect(try file.open().identity != before)
    }
}
