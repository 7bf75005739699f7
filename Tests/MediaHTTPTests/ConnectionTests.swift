import MediaHTTP
import NIOCore
import Testing

/// Keep-alive, pipelining and closing over real sockets, RFC 9112 §9.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test func aConnectionIsKeptForTheNextRequest() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            for path in ["/a", "/b", "/c"] {
                let answer = try await client.get(path)
                #expect(answer.status == 200)
                #expect(answer.text == path)
                #expect(answer["connection"] == nil)
                #expect(answer["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
            }
        }
    }

    @Test func connectionCloseIsHonoured() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            #expect(try await client.get("/a", "Connection: close\r\n")["connection"] == "close")
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func http10ClosesUnlessAskedToKeep() async throws {
        try await TestServer.with { server in
            let closing = try await server.connect()
            try await closing.send("GET /a HTTP/1.0\r\n\r\n")
            #expect(try await closing.answer()["connection"] == "close")
            #expect(await closing.untilClosed().isEmpty)
            let kept = try await server.connect()
            for _ in 0..<2 {
                try await kept.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await kept.answer()["connection"] == "keep-alive")
            }
        }
    }

    @Test func pipelinedAnswersComeInOrderWhateverTheyWaitFor() async throws {
        let file = try TemporaryFile(sizeBytes: 300_000)
        let stored = try file.body()
        let respond: ClosureHandler.Respond = { request, eventLoop in
            switch request.path.last {
            case "0": .now(.plain(request.path))
            case "1":
                .later(
                    eventLoop.scheduleTask(in: .milliseconds(5)) { .plain(request.path) }
                        .futureResult
                )
            default: .now(.body(stored))
            }
        }
        try await TestServer.with(answering: respond) { server in
            let client = try await server.connect()
            let requests = (0..<60).map { "GET /\($0)/\($0 % 3) HTTP/1.1\r\nHost: x\r\n\r\n" }
            try await client.send(requests.joined())
            for index in 0..<60 {
                let answer = try await client.answer()
                if index % 3 == 2 {
                    #expect(answer.body == file.bytes)
                } else {
                    #expect(answer.text == "/\(index)/\(index % 3)")
                }
            }
        }
    }

    @Test func aRequestMayArriveByteByByte() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            for byte in "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" {
                try await client.send(String(byte))
            }
            #expect(try await client.answer().text == "/slow")
        }
    }

    @Test func aClientThatOnlySendsStillGetsItsAnswer() async throws {
        let file = try TemporaryFile(sizeBytes: 6_000_000)
        let stored = try file.body()
        try await TestServer.with(answering: { _, _ in .now(.body(stored)) }) { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.channel.close(mode: .output)
            #expect(try await client.answer().body == file.bytes)
            #expect(await client.untilClosed().isEmpty)
        }
    }

    @Test func aFailedFutureIs500() async throws {
        struct Failure: Error {}
        let respond: ClosureHandler.Respond = { _, eventLoop in
            .later(eventLoop.makeFailedFuture(Failure()))
        }
        try await TestServer.with(answering: respond) { server in
            let client = try await server.connect()
            #expect(try await client.get("/").status == 500)
            #expect(try await client.get("/").status == 500)
        }
    }

    @Test func aThousandConnectionsAreServedAtOnce() async throws {
        let file = try TemporaryFile(sizeBytes: 20_000)
        let stored = try file.body()
        try await TestServer.with(answering: { _, _ in .now(.body(stored)) }) { server in
            var clients: [RawClient] = []
            for _ in 0..<1000 { clients.append(try await server.connect()) }
            for client in clients { try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
            for client in clients {
                #expect(try await client.answer().body == file.bytes)
            }
            #expect(server.server.connectionCount == 1000)
            for client in clients { try await client.close() }
            await server.observer.wait { $0.openConnections == 0 }
        }
    }

    @Test func ipv6IsServed() async throws {
        try await TestServer.with(host: "::1") { server in
            let client = try await server.connect()
            #expect(try await client.get("/six").text == "/six")
            await server.observer.wait { $0.records.count == 1 }
            #expect(server.observer.seen.records[0].peerAddress.hasPrefix("[::1]:"))
        }
    }

    /// Its end could not be told from that of a connection that broke. RFC 9112 §7.1
    @Test func aBodyOfUnknownSizeIsInChunksAlsoWhereTheConnectionCloses() async throws {
        let arena = try #require(MemoryArena())
        let region = try #require(
            arena.store(CollectionOfOne(ByteBuffer(string: "body")), sizeBytes: 4)
        )
        try await TestServer.with { _, _ in
            .now(.body(.source(region, sizeBytes: nil)))
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = String(decoding: await client.untilClosed(), as: UTF8.self)
            #expect(answer.contains("Transfer-Encoding: chunked\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n4\r\nbody\r\n0\r\n\r\n"))
            let old = try await server.connect()
            try await old.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let plain = String(decoding: await old.untilClosed(), as: UTF8.self)
            #expect(plain.contains("Connection: close\r\n"))
            #expect(plain.hasSuffix("\r\n\r\nbody"))
        }
    }

    @Test func aRecordTellsOfEachRequest() async throws {
        try await TestServer.with { server in
            let client = try await server.connect()
            let answer = try await client.get("/a?b", "X-Request-Id: mine\r\n")
            #expect(answer["x-request-id"] == "mine")
            await server.observer.wait { $0.records.count == 1 }
            let record = server.observer.seen.records[0]
            #expect(record.requestID.description == "mine")
            #expect(record.method == "GET")
            #expect(record.path == "/a")
            #expect(record.kind == .videoSegment)
            #expect(record.status == 200)
            #expect(record.bytesSent > 2)
            #expect(record.firstByteTime <= record.totalTime)
            #expect(!record.wasAborted)
            let other = try await client.get("/a", "X-Request-Id: not \"sane\"\r\n")
            #expect(other["x-request-id"]?.utf8.count == 16)
        }
    }
}
