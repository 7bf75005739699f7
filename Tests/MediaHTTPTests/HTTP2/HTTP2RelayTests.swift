import Foundation
import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Bodies that arrive later, and exchanges that a relay takes over.
@Suite(.timeLimit(.minutes(2)))
struct HTTP2RelayTests {
    @Test(arguments: [nil, 600_000 as UInt64])
    func aSourceIsSentAsItArrives(sizeBytes: UInt64?) async throws {
        let certificate = try await TestCertificate.make()
        let source = GrowingSource(stepBytes: 100_000, count: 6)
        try await TestServer.with(tls: certificate.reloading()) { _, _ in
            .now(.body(.source(source, sizeBytes: sizeBytes)))
        } _: { server in
            let answer = try await Curl.get("/", server.address, certificate, ["--http2"])
            #expect(answer.body == source.bytes)
            #expect(answer.fields["content-length"] == sizeBytes.map { "\($0)" })
        }
    }

    @Test func aSourceThatFailsEndsItsStreamWithAnError() async throws {
        let source = GrowingSource(stepBytes: 10, count: 2, fails: true)
        try await TestServer.with { _, _ in
            .now(.body(.source(source, sizeBytes: 30)))
        } _: { server in
            let client = try await FrameClient.connect(to: server.address)
            try await client.get(1, "/")
            #expect(try await client.next(FrameClient.reset, on: 1).word == 2)
        }
    }

    @Test func aRelayHasBothDirections() async throws {
        let certificate = try await TestCertificate.make()
        let file = try TemporaryFile(sizeBytes: 3_000_000)
        try await TestServer.with(tls: certificate.reloading()) { _, _ in
            .relay(EchoRelay())
        } _: { server in
            let folder = try TemporaryFolder()
            let address = "https://127.0.0.1:\(server.address.port ?? 0)/"
            let curl = "curl -sS --http2 --cacert \(certificate.certificate) -X GET -T - \(address)"
            try await Tool.run(
                "bash",
                ["-c", "set -o pipefail; cat \(file.url.path) | \(curl) > \(folder.path("echo"))"]
            )
            let echo = try Data(contentsOf: URL(fileURLWithPath: folder.path("echo")))
            #expect(Array(echo) == file.bytes)
        }
    }

    @Test func aRelayIsToldWhenItsClientGoes() async throws {
        let gone = Signal()
        try await TestServer.with { _, _ in
            .relay(EchoRelay(gone: gone.send))
        } _: { server in
            let client = try await FrameClient.connect(to: server.address)
            let block = FrameClient.block(FrameClient.target)
            try await client.send(FrameClient.headers, FrameClient.endHeaders, 1, block)
            _ = try await client.next(FrameClient.headers)
            try await client.send(FrameClient.reset, 0, 1, [0, 0, 0, 8])
            await gone.wait()
        }
    }

    @Test func aRelayMayAnswerLate() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading()) { request, _ in
            .relay(LateRelay(path: request.path))
        } _: { server in
            let cases: [(path: String, method: String, status: Int, body: String)] = [
                ("/none", "GET", 204, ""), ("/sized", "HEAD", 200, ""),
                ("/sized", "GET", 200, "late"),
            ]
            for (path, method, status, body) in cases {
                let head = method == "HEAD" ? ["-I", "-o", "/dev/null"] : []
                let answer = try await Curl.get(
                    path,
                    server.address,
                    certificate,
                    ["--http2"] + head
                )
                #expect(answer.status == status)
                if method == "GET" { #expect(answer.text == body) }
            }
            await #expect(throws: Tool.Failed.self) {
                try await Curl.get("/abort", server.address, certificate, ["--http2"])
            }
        }
    }

    @Test func theWindowOpensAsTheRelayTakesBytes() async throws {
        try await TestServer.with { _, _ in
            .relay(EchoRelay(reads: false))
        } _: { server in
            let client = try await FrameClient.connect(to: server.address)
            let block = FrameClient.block(FrameClient.target)
            try await client.send(FrameClient.headers, FrameClient.endHeaders, 1, block)
            for _ in 0..<3 {
                let bytes = [UInt8](repeating: 1, count: 16_000)
                try await client.send(FrameClient.data, 0, 1, bytes)
            }
            try await client.send(FrameClient.ping, 0, 0, Array(repeating: 7, count: 8))
            while true {
                let frame = try await client.next()
                if frame.kind == FrameClient.ping { break }
                // The connection's window opens, for all other streams; this stream's does not.
                #expect(frame.kind != FrameClient.windowUpdate || frame.streamID == 0)
            }
        }
    }
}

/// Sends back what it gets.
private final class EchoRelay: ExchangeRelay {
    private var client: (any RelayClient)?
    private let reads: Bool
    private let gone: @Sendable () -> Void

    init(reads: Bool = true, gone: @escaping @Sendable () -> Void = {}) {
        self.reads = reads
        self.gone = gone
    }

    func start(_ client: any RelayClient) {
        self.client = client
        client.isReading = reads
        client.sendInterim(status: 103, fields: [("link", "</a>; rel=preload")])
        client.send(RelayHead(status: 200, fields: [("X-Echo", "1")], bodySize: .unknown))
    }

    func received(_ bytes: ByteBuffer) {
        client?.send(bytes)
        if client?.canTakeMore == false { client?.isReading = false }
    }

    func receivedEnd() {
        client?.end()
        client = nil
    }

    func clientCanTakeMore() {
        client?.isReading = reads
    }

    func clientGone() {
        client = nil
        gone()
    }
}

/// Answers in a later turn of the event loop.
private final class LateRelay: ExchangeRelay {
    private let path: String

    init(path: String) {
        self.path = path
    }

    func start(_ client: any RelayClient) {
        let path = path
        let bound = NIOLoopBound(client, eventLoop: client.eventLoop)
        client.eventLoop.execute {
            let client = bound.value
            switch path {
            case "/none": client.send(RelayHead(status: 204, fields: [], bodySize: .none))
            case "/sized":
                client.send(RelayHead(status: 200, fields: [], bodySize: .sized(4)))
                client.send(ByteBuffer(string: "late"))
                client.end()
            default: client.abort()
            }
            // Too late for all of these; nothing comes of them.
            client.send(ByteBuffer(string: "more"))
            client.end()
            client.abort()
            _ = client.canTakeMore
        }
    }

    func received(_ bytes: ByteBuffer) {}
    func receivedEnd() {}
    func clientCanTakeMore() {}
    func clientGone() {}
}

/// Has more bytes each time somebody waits for them.
private final class GrowingSource: BodySource {
    private struct State {
        var availableBytes = 0
    }

    let bytes: [UInt8]
    private let buffer: ByteBuffer
    private let stepBytes: Int
    private let fails: Bool
    private let state = Mutex(State())

    init(stepBytes: Int, count: Int, fails: Bool = false) {
        bytes = (0..<stepBytes * count).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 1000) }
        buffer = ByteBuffer(bytes: bytes)
        self.stepBytes = stepBytes
        self.fails = fails
    }

    func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        let available = state.withLock { $0.availableBytes }
        let offset = Int(offsetBytes)
        if offset == bytes.count { return fails ? .failed : .end }
        let count = min(sizeBytes, available - offset)
        guard count > 0, let slice = buffer.getSlice(at: offset, length: count) else {
            return .pending
        }
        return .bytes(slice)
    }

    func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        state.withLock { $0.availableBytes = min($0.availableBytes + stepBytes, bytes.count) }
        waiter.eventLoop.execute { waiter.resume() }
    }
}
