import TestSupport
import Testing

extension LiveFaults {
    /// Too many, too slow, too much: beside a publisher that must not notice.
    @Suite(.timeLimit(.minutes(4)))
    struct FloodTests {
        /// A publisher, and someone who watches it, while others do what they do.
        private func beside(
            recordings: Int = 1,
            _ flood: (LiveOrigin) async throws -> Void
        ) async throws {
            let origin = try await LiveOrigin("")
            let encoder = try await Encoder(to: origin)
            var live = PlaylistWatch()
            try await origin.watch(&live, until: "a segment") { !$0.segments.isEmpty }
            try await flood(origin)
            let last = live.newest?.segments.last?.number ?? 0
            try await origin.watch(&live, until: "it goes on") {
                $0.segments.last?.number ?? 0 >= last + 2
            }
            #expect(live.faults == [])
            let status = try #require(try await origin.status())
            #expect(status.publishes == 1 && status.phase == "live")
            #expect(status.timestampJumps == 0)
            #expect(status.recordingComplete == true)
            await encoder.stop()
            await origin.stop()
            try await origin.expectDecodes(recordings)
        }

        @Test func encodersThatDripAreCut() async throws {
            try await beside { origin in
                let start = ContinuousClock.now
                let sockets = try (0..<60).map { _ in
                    try RawSocket(port: origin.rtmpPort, from: 2)
                }
                // A third says nothing; a third drips the handshake, a third what comes behind it.
                let hello = [3] + [UInt8](repeating: 7, count: 1536)
                for socket in sockets[40...] { #expect(RawEncoder.shakeHands(socket)) }
                let connect = RawEncoder.message(
                    type: 20,
                    stream: 0,
                    body: RawEncoder.connectCommand,
                    on: 3
                )
                var offset = 0
                try await eventually("all are cut", within: .seconds(25)) {
                    for socket in sockets[20..<40] { socket.write([hello[offset % hello.count]]) }
                    // The last byte never comes.
                    if offset < connect.count - 1 {
                        for socket in sockets[40...] { socket.write([connect[offset]]) }
                    }
                    offset += 1
                    return sockets.allSatisfy(\.isClosed)
                }
                #expect(ContinuousClock.now - start > .seconds(4), "slow ones have their time")
                try await eventually("their threads have gone") {
                    try await origin.metric("millrace_rtmp_connections") == 1
                }
            }
        }

        @Test func fiveHundredConnectionsOfOneAddressKeepNobodyElseOut() async throws {
            // The publisher's and the other one's.
            try await beside(recordings: 2) { origin in
                let sockets = try (0..<500).map { _ in
                    try RawSocket(port: origin.rtmpPort, from: 2)
                }
                try await eventually("those beyond the limit are closed") {
                    sockets.count { $0.isClosed } >= 250
                }
                let other = try await Encoder(.small, to: origin, key: "other")
                try await eventually("another address gets in", within: .seconds(10)) {
                    try await origin.status("other")?.phase == "live"
                }
                await other.stop()
                try await eventually("the rest are closed when their time is up") {
                    sockets.allSatisfy(\.isClosed)
                }
                let refused = #"millrace_rtmp_refusals_total{reason="address_limit"}"#
                #expect(try await origin.metric(refused) >= 250)
            }
        }

        @Test func viewersThatDoNotReadHoldNobodyUp() async throws {
            try await beside { origin in
                let before = try origin.residentBytes()
                let playlist = try #require(try await origin.playlist())
                let segment = try #require(playlist.segments.first?.address)
                let paths = ["/live/cam/\(segment)", "/live/cam/v0.m3u8", "/live/cam/dvr/v0.m3u8"]
                let request = paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
                let many = Array(String(repeating: request, count: 20).utf8)
                let sockets = try (0..<100).map { _ in
                    try RawSocket(port: origin.mediaPort, receiveBytes: 4096)
                }
                for socket in sockets { socket.write(many) }
                // The next part is asked for, and never read.
                let next = (playlist.segments.last?.number ?? 0) + 2
                let wait = "GET /live/cam/v0.m3u8?_HLS_msn=\(next) HTTP/1.1\r\nHost: a\r\n\r\n"
                for socket in sockets { socket.write(Array(wait.utf8)) }
                try await pass(.seconds(5))
                let growth = try origin.residentBytes() - before
                #expect(growth < 48 << 20, "\(growth) bytes for 100 viewers")
            }
        }
    }
}
