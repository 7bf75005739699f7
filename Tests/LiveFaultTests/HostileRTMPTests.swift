import TestSupport
import Testing

extension LiveFaults {
    /// Bytes that no encoder sends, at the real listener beside one that publishes.
    @Suite(.timeLimit(.minutes(4)))
    struct HostileRTMPTests {
        /// Each is a whole conversation behind the handshake.
        enum Attack: CaseIterable, Sendable {
            /// A longer message's header inside another one: librtmp's heap overflow.
            case largerHeaderInsideMessage
            case fullHeaderInsideMessage
            case highChunkStream
            case floodOfChunkStreams
            case sixteenMegabytes
            case shortHeaderFirst
            case chunkSizeZero
            case hugeChunkSize
            case deepObject
            case truncatedCommand
            case publishWithoutConnect
            case mediaWithoutPublish
            case noise

            var bytes: [UInt8] {
                let filler = [UInt8](repeating: 1, count: 128)
                func header(_ chunkStream: UInt8, _ size: UInt32) -> [UInt8] {
                    [chunkStream, 0, 0, 0] + RawEncoder.bytes(size, 3) + [9, 1, 0, 0, 0]
                }
                func command(_ body: [UInt8]) -> [UInt8] {
                    RawEncoder.message(type: 20, stream: 0, body: body, on: 3, chunkSize: 128)
                }
                func chunkSize(_ size: UInt32) -> [UInt8] {
                    RawEncoder.message(
                        type: 1,
                        stream: 0,
                        body: RawEncoder.bytes(size, 4),
                        on: 2
                    )
                }
                switch self {
                case .largerHeaderInsideMessage:
                    return header(6, 200) + filler + chunkSize(65536) + [0x46, 0, 0, 0]
                        + RawEncoder.bytes(60000, 3) + [9] + [UInt8](repeating: 65, count: 60000)
                case .fullHeaderInsideMessage:
                    return header(6, 200) + filler + header(6, 200) + filler
                case .highChunkStream:
                    return [1, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 11)
                case .floodOfChunkStreams:
                    return (10..<63).flatMap { header($0, 60 << 10) + filler }
                        + (10..<63).flatMap { header($0, 8 << 20) }
                case .sixteenMegabytes: return header(6, 0xFF_FFFF) + filler
                case .shortHeaderFirst: return [0xC9] + filler
                case .chunkSizeZero: return chunkSize(0)
                case .hugeChunkSize: return chunkSize(0x7FFF_FFFF)
                case .deepObject:
                    let nested = (0..<5000).flatMap { _ in [3, 0, 1, 97] as [UInt8] }
                    return command(RawEncoder.string("connect") + RawEncoder.one + nested)
                case .truncatedCommand: return command([2, 0xFF, 0xFF, 97])
                case .publishWithoutConnect:
                    return command(
                        RawEncoder.string("publish") + RawEncoder.one + [5]
                            + RawEncoder.string("cam") + RawEncoder.string("live")
                    )
                case .mediaWithoutPublish:
                    // Taken, and of no use to anybody; what follows is not.
                    return RawEncoder.message(type: 9, stream: 1, body: filler, on: 6) + [0xC9]
                case .noise:
                    var random = SplitMix(state: 4)
                    return (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                }
            }
        }

        private static let rounds = 20
        /// What an allocator keeps of the first rounds is no growth.
        private static let growthBytes = 12 << 20

        @Test func publishersGoOnAndMemoryDoesNotGrow() async throws {
            let origin = try await LiveOrigin("window: 10s, recording: false, rewind: 0s")
            let encoder = try await Encoder(.small, to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a segment") { !$0.segments.isEmpty }
            var before = 0
            for round in 0..<Self.rounds {
                for attack in Attack.allCases {
                    let socket = try RawSocket(port: origin.rtmpPort, from: 3)
                    #expect(RawEncoder.shakeHands(socket), "\(attack)")
                    socket.write(attack.bytes)
                    try await eventually("\(attack) is cut", within: .seconds(18)) {
                        socket.isClosed
                    }
                }
                if let playlist = try await origin.playlist() { live.take(playlist) }
                if round == Self.rounds / 4 { before = try origin.residentBytes() }
            }
            let growth = try origin.residentBytes() - before
            #expect(growth < Self.growthBytes, "\(growth) bytes")
            let malformed = #"millrace_rtmp_refusals_total{reason="malformed"}"#
            let refused = try await origin.metric(malformed)
            #expect(Int(refused) >= Self.rounds * (Attack.allCases.count - 1))
            let count = try #require(live.newest?.segments.last?.number)
            try await origin.watch(&live, until: "it goes on") {
                $0.segments.last?.number ?? 0 > count
            }
            #expect(live.faults == [])
            #expect(try await origin.status()?.publishes == 1)
            await encoder.stop()
            await origin.stop()
        }
    }
}
