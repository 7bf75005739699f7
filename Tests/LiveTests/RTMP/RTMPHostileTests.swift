import Live
import Testing

/// Bytes that no encoder sends, from raw sockets.
struct RTMPHostileTests {
    private static let bytes200 = [UInt8](repeating: 1, count: 128)

    /// What a server is left with after a client has said something malformed.
    private func expectRefusal(
        isGuards: Bool = true,
        _ talk: @escaping @Sendable (inout RawClient) throws -> Void
    ) async throws {
        let server = try TestServer()
        let time = try await server.client { client in
            try client.shakeHands()
            try talk(&client)
            return client.timeUntilClosed(within: .seconds(4))
        }
        #expect(time != nil, "the server did not close before its time limits")
        #expect(await holds { server.server.statistics.refusals[.malformed] == 1 })
        #expect(server.server.statistics.guardRefusalCount == (isGuards ? 1 : 0))
        // It goes on with others.
        try await server.client { try $0.publish() }
    }

    @Test func aLargerHeaderInsideAMessageDoesNotOverflowTheHeap() async throws {
        try await expectRefusal { client in
            client.write(RawClient.header(chunkStream: 6, size: 200, type: 9) + Self.bytes200)
            client.setChunkSize(65536)
            // Type 1 on the same chunk stream: 60,000 bytes for librtmp's 200.
            client.write([0x46, 0, 0, 0] + RawClient.bytes(60000, 3) + [9])
            client.write([UInt8](repeating: 0x41, count: 60000))
        }
    }

    @Test func aFullHeaderInsideAMessageIsRefused() async throws {
        try await expectRefusal { client in
            let begun = RawClient.header(chunkStream: 6, size: 200, type: 9) + Self.bytes200
            client.write(begun + begun)
        }
    }

    @Test func highChunkStreamsAreRefused() async throws {
        try await expectRefusal { $0.write([1, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 11)) }
    }

    @Test func aFloodOfChunkStreamsIsHeldToTheBytesInFlight() async throws {
        let server = try TestServer()
        let isClosed = try await server.client { client in
            try client.publish()
            for number in UInt8(10)..<60 {
                client.write(RawClient.header(chunkStream: number, size: 8 << 20, type: 9))
                client.write(Self.bytes200)
            }
            return client.timeUntilClosed(within: .seconds(4)) != nil
        }
        #expect(isClosed)
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        guard case .invalid = record.ends[0] else {
            Issue.record("ended with \(record.ends)")
            return
        }
        #expect(server.server.statistics.guardRefusalCount == 1)
    }

    @Test func sixteenMegabytesBeforeAKeyAreRefused() async throws {
        try await expectRefusal {
            $0.write(RawClient.header(chunkStream: 6, size: 0xFF_FFFF, type: 9) + Self.bytes200)
        }
    }

    @Test func shortHeadersOnAFreshChunkStreamAreRefused() async throws {
        try await expectRefusal { $0.write([0xC9] + Self.bytes200) }
    }

    @Test func aChunkSizeOfZeroIsRefused() async throws {
        try await expectRefusal { $0.setChunkSize(0x8000_0000) }
    }

    @Test func aHugeChunkSizeIsRefused() async throws {
        try await expectRefusal { $0.setChunkSize(0x7FFF_FFFF) }
    }

    @Test func deepObjectsAreRefused() async throws {
        try await expectRefusal(isGuards: false) { client in
            let connect = AMF0Writer.bytes(.string("connect"), .number(1))
            let nested = [UInt8](repeating: 0, count: 5000).flatMap { _ in [3, 0, 1, 97] as [UInt8]
            }
            client.message(type: 20, stream: 0, body: connect + nested, chunkStream: 3)
        }
    }

    @Test func publishingBeforeConnectingIsRefused() async throws {
        try await expectRefusal(isGuards: false) { client in
            client.command([.string("publish"), .number(1), .null, .string("right-key")])
        }
    }

    @Test func encryptedHandshakesAreRefused() async throws {
        let server = try TestServer()
        let isClosed = try await server.client { client in
            client.write([6] + [UInt8](repeating: 0, count: 1536))
            return client.timeUntilClosed(within: .seconds(4)) != nil
        }
        #expect(isClosed)
        #expect(await holds { server.server.statistics.refusals[.handshake] == 1 })
    }

    @Test(arguments: [true, false])
    func extendedTimestampsMayBeRepeatedOrNot(isRepeated: Bool) async throws {
        let server = try TestServer()
        let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let times: [UInt32] = [0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0xFFFF_FFF0, 12]
        try await server.client { client in
            try client.publish()
            for time in times {
                client.message(type: 9, timestamp: time, body: body, repeatsTimestamp: isRepeated)
            }
            client.command([.string("deleteStream"), .number(0), .null, .number(1)])
        }
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.unpublished])
        #expect(record.messages.allSatisfy { $0.body == body })
        // Where it is the mark itself and omitted, it comes a millisecond early.
        let expected = times.map { $0 == 0xFF_FFFF && !isRepeated ? $0 - 1 : $0 }
        #expect(record.messages.map(\.timestamp) == expected)
        #expect(server.server.statistics.omittedTimestampCount == (isRepeated ? 0 : 1))
    }

    @Test func aShortHeaderWithoutItsExtendedTimestampCostsNoBytes() async throws {
        let server = try TestServer()
        let time: UInt32 = 0x0123_4567
        let bodies = (0..<3 as Range<UInt8>).map {
            [0x17, 1, 0, 0] + [UInt8](repeating: $0, count: 60)
        }
        try await server.client { client in
            try client.publish()
            client.message(type: 9, timestamp: time, body: bodies[0])
            // Messages of the same type, size and time: a header of one byte.
            client.write([0xC6] + bodies[1])
            client.write([0xC6] + RawClient.bytes(time, 4) + bodies[2])
            client.command([.string("deleteStream"), .number(0), .null, .number(1)])
        }
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.unpublished])
        #expect(record.messages.map(\.body) == bodies)
        #expect(record.messages.map(\.timestamp) == [time, time, time])
    }

    @Test func messagesOfNoBytesPass() async throws {
        let server = try TestServer()
        try await server.client { client in
            try client.publish()
            client.message(type: 9, body: [])
            client.message(type: 8, body: [1])
        }
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.messages.map(\.body) == [[], [1]])
        #expect(record.ends == [.lost("the connection has gone")])
    }

    @Test func whatThePublicationDoesNotWantEndsIt() async throws {
        let server = try TestServer(ingest: RecordingIngest(refusesMessages: true))
        let isClosed = try await server.client { client in
            try client.publish()
            client.message(type: 9, body: [1, 2, 3])
            let isClosed = client.timeUntilClosed(within: .seconds(20)) != nil
            // librtmp, and so OBS, ends at this code and logs it.
            let isTold = client.hasReceived("NetStream.Failed") && client.hasReceived("Unwanted()")
            return isClosed && isTold
        }
        #expect(isClosed)
        #expect(server.server.statistics.refusals[.unusable] == 1)
        let record = try await server.ingest.record { !$0.ends.isEmpty }
        #expect(record.ends == [.invalid("Unwanted()")])
    }
}
