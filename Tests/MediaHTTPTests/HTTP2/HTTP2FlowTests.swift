import MediaHTTP
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Windows, order, time and the end.
@Suite(.timeLimit(.minutes(2)))
struct HTTP2FlowTests {
    typealias Client = FrameClient

    /// 30 kB of the kind that the path says.
    private static let byKind: ClosureHandler.Respond = { request, _ in
        var response = MediaResponse.body(.bytes(ByteBuffer(repeating: 1, count: 30_000)))
        if request.path.hasPrefix("/playlist") { response.kind = .mediaPlaylist }
        if request.path.hasPrefix("/init") { response.kind = .initSegment }
        return .now(response)
    }

    @Test func aStreamThatTakesNothingHoldsNoOther() async throws {
        try await TestServer.with(answering: Self.byKind) { server in
            // Windows of one byte.
            let client = try await Client.connect(to: server.address, settings: [(4, 1)])
            try await client.get(1, "/slow")
            #expect(try await client.next(Client.data, on: 1).payload.count == 1)
            try await client.get(3, "/fast")
            try await client.send(Client.windowUpdate, 0, 3, [0, 1, 0, 0])
            var received = 0
            while received < 30_000 {
                let frame = try await client.next(Client.data)
                #expect(frame.streamID == 3)
                received += frame.payload.count
            }
            try await client.send(Client.windowUpdate, 0, 1, [0, 0, 0, 2])
            #expect(try await client.next(Client.data, on: 1).payload.count == 2)
        }
    }

    @Test func headsNeedNoWindow() async throws {
        let file = try TemporaryFile(sizeBytes: 1000)
        let body = try file.body()
        try await TestServer.with { _, _ in
            .now(.body(body))
        } _: { server in
            let client = try await Client.connect(to: server.address, settings: [(4, 0)])
            try await client.get(1, "/")
            #expect(try await client.next(Client.headers).isEnd == false)
            // The window of streams that are open grows by settings too.
            try await client.send(Client.settings, 0, 0, [0, 4, 0, 0, 0, 5])
            #expect(try await client.next(Client.data).payload == Array(file.bytes[..<5]))
        }
    }

    @Test func theConnectionsWindowIsKept() async throws {
        try await TestServer.with(answering: Self.byKind) { server in
            let client = try await Client.connect(to: server.address, settings: [(4, 1 << 20)])
            for id: UInt32 in [1, 3, 5] { try await client.get(id, "/") }
            var received = 0
            while received < 65_535 {
                received += try await client.next(Client.data).payload.count
            }
            #expect(received == 65_535)
            try await client.send(Client.ping, 0, 0, Array(repeating: 7, count: 8))
            #expect(try await client.next().kind == Client.ping)
            try await client.send(Client.windowUpdate, 0, 0, [0, 1, 0, 0])
            while received < 90_000 {
                received += try await client.next(Client.data).payload.count
            }
        }
    }

    /// All requests come while the connection's window is used up, so that there is a choice.
    private func order(
        _ requests: [(path: String, priority: String?)],
        update: (streamID: UInt32, priority: String)? = nil
    ) async throws -> [UInt32] {
        let result = Mutex<[UInt32]>([])
        try await TestServer.with(answering: Self.byKind) { server in
            let client = try await Client.connect(to: server.address, settings: [(4, 1 << 20)])
            for id: UInt32 in [1, 3, 5] { try await client.get(id, "/") }
            var received = 0
            while received < 65_535 {
                received += try await client.next(Client.data).payload.count
            }
            var bytes: [UInt8] = []
            for (index, request) in requests.enumerated() {
                let fields = request.priority.map { [("priority", $0)] } ?? []
                bytes += Client.get(UInt32(7 + index * 2), request.path, fields)
            }
            if let update {
                let payload = Client.bytes(update.streamID) + Array(update.priority.utf8)
                bytes += Client.frame(Client.priorityUpdate, 0, 0, payload)
            }
            try await client.client.send(
                bytes + Client.frame(Client.windowUpdate, 0, 0, [0, 16, 0, 0])
            )
            let ends = try await client.ends(requests.count + 1)
            result.withLock { $0 = ends.filter { $0 > 5 } }
        }
        return result.withLock { $0 }
    }

    @Test func playlistsGoBeforeMedia() async throws {
        let order = try await order([("/a", nil), ("/init", nil), ("/playlist", nil)])
        #expect(order == [11, 9, 7])
    }

    @Test func whatTheClientSaysGoesBeforeWhatWeThink() async throws {
        let order = try await order([("/playlist", "u=7"), ("/a", "u=5, i"), ("/b", "u=0")])
        #expect(order == [11, 9, 7])
    }

    @Test func priorityMayChangeLater() async throws {
        let order = try await order([("/a", nil), ("/b", nil), ("/c", nil)], update: (11, "u=1"))
        #expect(order == [11, 7, 9])
    }

    @Test func theAnswerSaysWhatTheServerDecided() async throws {
        let certificate = try await TestCertificate.make()
        try await TestServer.with(tls: certificate.reloading(), answering: Self.byKind) { server in
            let cases: [(path: String, arguments: [String], expected: String?)] = [
                ("/playlist", [], "u=1"),
                ("/init", [], "u=2"),
                ("/media", [], nil),
                ("/playlist", ["-H", "Priority: u=4"], nil),
            ]
            for (path, arguments, expected) in cases {
                let answer = try await Curl.get(
                    path,
                    server.address,
                    certificate,
                    ["--http2"] + arguments
                )
                #expect(answer.fields["priority"] == expected)
            }
        }
    }

    // MARK: - Time

    @Test func idleConnectionsAreToldToGo() async throws {
        var limits = MediaLimits.patient
        limits.idleTime = .milliseconds(100)
        try await TestServer.with(limits: limits) { server in
            let client = try await Client.connect(to: server.address)
            #expect(try await client.next(Client.goAway).errorCode == 0)
            _ = await client.client.untilClosed()
        }
    }

    @Test func aStreamThatIsNotReadIsCut() async throws {
        var limits = MediaLimits.patient
        limits.writeStallTime = .milliseconds(200)
        try await TestServer.with(limits: limits, answering: Self.byKind) { server in
            let client = try await Client.connect(to: server.address, settings: [(4, 1)])
            try await client.get(1, "/")
            #expect(try await client.next(Client.reset, on: 1).word == 8)
            await server.observer.wait { $0.records.first?.wasAborted == true }
            // The connection itself is fine.
            try await client.send(Client.ping, 0, 0, Array(repeating: 7, count: 8))
            _ = try await client.next(Client.ping)
        }
    }

    @Test func aBlockThatNeverEndsIsCut() async throws {
        var limits = MediaLimits.patient
        limits.headTime = .seconds(2)
        try await TestServer.with(limits: limits) { server in
            let client = try await Client.connect(to: server.address)
            try await client.send(Client.headers, 0, 1, Client.block(Client.target))
            _ = try await client.next(Client.goAway)
        }
    }

    // MARK: - Draining

    @Test func drainingLetsStreamsEnd() async throws {
        let waiting = Signal()
        let promises = Mutex<[EventLoopPromise<MediaResponse>]>([])
        try await TestServer.with { _, eventLoop in
            let promise = eventLoop.makePromise(of: MediaResponse.self)
            promises.withLock { $0.append(promise) }
            waiting.send()
            return .later(promise.futureResult)
        } _: { server in
            let client = try await Client.connect(to: server.address)
            try await client.get(1, "/")
            await waiting.wait()
            async let drained: Void = server.server.drain(within: .seconds(30))
            let first = try await client.next(Client.goAway)
            #expect(first.word == 0x7FFF_FFFF)
            // On its way when the client was told.
            try await client.get(3, "/")
            await waiting.wait()
            let ping = try await client.next(Client.ping)
            try await client.send(Client.ping, 1, 0, ping.payload)
            let last = try await client.next(Client.goAway)
            #expect(last.word == 3)
            for promise in promises.withLock({ $0 }) { promise.succeed(.plain("late")) }
            #expect(try await client.ends(2).sorted() == [1, 3])
            _ = await client.client.untilClosed()
            await drained
        }
    }

    @Test func abortedStreamsAreRecorded() async throws {
        let waiting = Signal()
        try await TestServer.with { _, eventLoop in
            waiting.send()
            return .later(eventLoop.makePromise(of: MediaResponse.self).futureResult)
        } _: { server in
            let client = try await Client.connect(to: server.address)
            try await client.get(1, "/reset")
            try await client.get(3, "/gone")
            await waiting.wait()
            await waiting.wait()
            try await client.send(Client.reset, 0, 1, [0, 0, 0, 8])
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].path == "/reset")
            try await client.client.close()
            await server.observer.wait { $0.records.count == 2 && $0.openConnections == 0 }
            #expect(server.observer.seen.records.map(\.wasAborted) == [true, true])
        }
    }
}
