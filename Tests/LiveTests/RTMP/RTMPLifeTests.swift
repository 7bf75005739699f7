import Live
import Logging
import Platform
import Testing

/// Time limits, places, takeovers and ends.
struct RTMPLifeTests {
    private static var short: RTMPLimits {
        var limits = RTMPLimits()
        limits.handshake = .milliseconds(200)
        limits.publish = .milliseconds(400)
        limits.silence = .milliseconds(400)
        return limits
    }

    @Test func aSilentConnectionIsClosedAfterTheHandshakesTime() async throws {
        let server = try TestServer(limits: Self.short)
        let time = try await server.client { $0.timeUntilClosed() }
        let taken = try #require(time)
        #expect(taken >= .milliseconds(150))
        #expect(await holds { server.server.statistics.refusals[.handshake] == 1 })
    }

    @Test func drippingBytesDoNotMoveTheHandshakesEnd() async throws {
        let server = try TestServer(limits: Self.short)
        let sent = try await server.client { client in
            var sent = 0
            for byte in RawClient.handshake {
                client.write([byte])
                sent += 1
                if client.timeUntilClosed(within: .milliseconds(25)) != nil { break }
            }
            return sent
        }
        #expect(sent < 1537)
    }

    @Test func drippingCommandsDoNotMoveTheEndOfThePublishTime() async throws {
        let server = try TestServer(limits: Self.short)
        let isClosed = try await server.client { client in
            try client.shakeHands()
            client.connect()
            let end = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < end {
                client.command([.string("releaseStream"), .number(2), .null, .string("a")])
                if client.timeUntilClosed(within: .milliseconds(25)) != nil { return true }
            }
            return false
        }
        #expect(isClosed)
        #expect(await holds { server.server.statistics.refusals[.idle] == 1 })
    }

    @Test func aPublisherThatStandsStillIsLost() async throws {
        let server = try TestServer(limits: Self.short)
        let isClosed = try await server.client { client in
            try client.publish()
            client.message(type: 9, body: [1])
            // Half a message, and pings: neither is media.
            client.write(RawClient.header(chunkStream: 6, size: 100, type: 9) + [1])
            return client.timeUntilClosed() != nil
        }
        #expect(isClosed)
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.lost("nothing came for 0.4 seconds")])
        #expect(server.server.statistics.silenceCount == 1)
    }

    @Test func aTakeoverClosesAtOnce() async throws {
        let server = try TestServer()
        let time = try await server.client { client in
            try client.publish()
            server.ingest.takeOver()
            return client.timeUntilClosed()
        }
        #expect(try #require(time) < .seconds(1))
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.closed("taken over")])
    }

    @Test func stoppingEndsPublishers() async throws {
        let server = try TestServer()
        let isClosed = try await server.client { client in
            try client.publish()
            server.server.stop()
            return client.timeUntilClosed() != nil
        }
        #expect(isClosed)
        #expect(server.ingest.current.ends == [.closed("the server stops")])
        #expect(server.server.statistics.openConnectionCount == 0)
    }

    @Test func aFloodOfConnectionsLeavesPlacesForOthers() async throws {
        var limits = RTMPLimits()
        limits.connectionsPerAddress = 8
        limits.handshake = .milliseconds(300)
        let server = try TestServer(limits: limits)
        let port = server.port
        let most = try await onThread {
            var most = 0
            var clients: [RawClient] = []
            for _ in 0..<100 {
                clients.append(try RawClient(port: port))
                most = max(most, server.server.statistics.openConnectionCount)
            }
            for client in clients { client.close() }
            return most
        }
        #expect(most <= 8)
        #expect(await holds { server.server.statistics.connectionCount == 100 })
        let refused = server.server.statistics.refusals[.addressLimit] ?? 0
        #expect(refused > 0)
        #expect(await holds { server.server.statistics.openConnectionCount == 0 })
        try await server.client { try $0.publish() }
    }

    @Test func publishersBeyondTheLimitAreToldToComeLater() async throws {
        var limits = RTMPLimits()
        limits.publisherCount = 1
        let server = try TestServer(limits: limits)
        let isTold = try await server.client { first in
            try first.publish()
            var second = try RawClient(port: server.port)
            defer { second.close() }
            try? second.publish()
            return second.hasReceived("Too many publishers")
        }
        #expect(isTold)
        #expect(await holds { server.server.statistics.publisherCount == 0 })
        try await server.client { try $0.publish() }
    }

    @Test func aConnectionMayPublishAgain() async throws {
        let server = try TestServer()
        try await server.client { client in
            try client.publish()
            client.command([.string("deleteStream"), .number(0), .null, .number(1)])
            client.command(
                [.string("publish"), .number(4), .null, .string("right-key")],
                stream: 1
            )
            let start = Array("Publish.Start".utf8)
            _ = client.read(until: { $0.split(separator: start).count > 2 })
            client.message(type: 9, body: [1])
        }
        let record = try await server.ingest.record { $0.ends.count == 2 }
        #expect(record.attempts.count == 2)
        #expect(record.messages.count == 1)
    }

    @Test func pingsAndWindowsAreAnswered() async throws {
        let server = try TestServer()
        let (pong, acknowledgement) = try await server.client { client in
            try client.publish()
            client.message(type: 4, stream: 0, body: [0, 6, 1, 2, 3, 4], chunkStream: 2)
            let pong = client.read { Self.contains($0, [4, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4]) }
            client.message(type: 5, stream: 0, body: RawClient.bytes(65536, 4), chunkStream: 2)
            client.message(type: 9, body: [UInt8](repeating: 1, count: 70000))
            let acknowledgement = client.read { Self.contains($0, [0, 0, 4, 3, 0, 0, 0, 0]) }
            return (pong, acknowledgement)
        }
        #expect(pong)
        #expect(acknowledgement)
    }

    private static func contains(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        bytes.split(separator: pattern, maxSplits: 1, omittingEmptySubsequences: false).count > 1
    }

    @Test func aggregatesAreSplit() async throws {
        let server = try TestServer()
        func tag(_ type: UInt8, _ time: UInt32, _ body: [UInt8]) -> [UInt8] {
            [type] + RawClient.bytes(UInt32(body.count), 3) + RawClient.bytes(time, 3)
                + [UInt8(truncatingIfNeeded: time >> 24), 0, 0, 0] + body
                + RawClient.bytes(UInt32(11 + body.count), 4)
        }
        let body = tag(9, 500, [1, 2]) + tag(8, 540, [3]) + tag(9, 533, [4]) + [9, 0xFF]
        try await server.client { client in
            try client.publish()
            client.message(type: 22, timestamp: 1000, body: body)
            client.message(type: 15, timestamp: 1100, body: [0, 2, 0, 1, 97])
        }
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.messages.map(\.kind) == [.video, .audio, .video, .data])
        #expect(record.messages.map(\.timestamp) == [1000, 1040, 1033, 1100])
        #expect(record.messages.map(\.body) == [[1, 2], [3], [4], [2, 0, 1, 97]])
    }

    @Test func errorsNameTheOptionAndTheAddress() throws {
        let server = try TestServer()
        let taken = ListenAddress(host: "127.0.0.1", port: server.port)
        let second = RTMPServer(
            configuration: RTMPConfiguration(listen: taken),
            authority: server.ingest,
            ingest: server.ingest,
            logger: .init(label: "test")
        )
        let error = #expect(throws: RTMPServerError.self) { try second.start() }
        #expect(error?.description.hasPrefix("listen: cannot listen on \(taken)") == true)
        let secure = RTMPServer(
            configuration: RTMPConfiguration(
                listen: nil,
                listenTLS: ListenAddress(host: "127.0.0.1", port: 0),
                certificateChain: "/nonexistent.pem",
                privateKey: "/nonexistent.key"
            ),
            authority: server.ingest,
            ingest: server.ingest,
            logger: .init(label: "test")
        )
        let unusable = #expect(throws: RTMPServerError.self) { try secure.start() }
        #expect(unusable?.description.contains("/nonexistent.pem") == true)
    }
}
