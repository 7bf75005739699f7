import LoadTests
import NIOCore
import Testing

/// Media time against a clock that the test turns.
struct PlaybackBufferTests {
    private static func at(_ seconds: Double) -> NIODeadline {
        .uptimeNanoseconds(UInt64(1e12 + seconds * 1e9))
    }

    @Test func startsWithTheFirstMediaAndPlaysAtItsPace() {
        var buffer = PlaybackBuffer(tracks: 1, speed: 1, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(0.5))
        #expect(buffer.startupTime == .milliseconds(500))
        buffer.advance(to: Self.at(2.5))
        #expect(abs(buffer.levelSeconds - 2) < 1e-6)
        #expect(buffer.rebufferCount == 0)
    }

    @Test func speedMakesMediaTimePassFaster() {
        var buffer = PlaybackBuffer(tracks: 1, speed: 10, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(0))
        buffer.advance(to: Self.at(0.1))
        #expect(abs(buffer.levelSeconds - 3) < 1e-6)
    }

    @Test func aStallLastsFromTheMomentItRanDry() {
        var buffer = PlaybackBuffer(tracks: 1, speed: 1, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(7))
        #expect(buffer.rebufferCount == 1)
        #expect(buffer.rebufferTime == .seconds(3))
        #expect(abs(buffer.playedSeconds - 4) < 1e-6)
        buffer.stop(Self.at(20))
        #expect(buffer.rebufferCount == 2)
        #expect(buffer.rebufferTime == .seconds(12))
    }

    @Test func theEndIsNoStall() {
        var buffer = PlaybackBuffer(tracks: 1, speed: 1, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(0))
        buffer.isComplete = true
        buffer.stop(Self.at(10))
        #expect(buffer.rebufferCount == 0)
        #expect(abs(buffer.positionSeconds - 4) < 1e-6)
    }

    @Test func theTrackWithLeastDecides() {
        var buffer = PlaybackBuffer(tracks: 2, speed: 1, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(1))
        #expect(buffer.startupTime == nil)
        buffer.append(2, track: 1, now: Self.at(2))
        #expect(buffer.startupTime == .seconds(2))
        #expect(abs(buffer.levelSeconds - 2) < 1e-6)
    }

    @Test func aSeekIsNoStall() {
        var buffer = PlaybackBuffer(tracks: 1, speed: 1, now: Self.at(0))
        buffer.append(4, track: 0, now: Self.at(0))
        buffer.seek(to: 21, starts: [20], now: Self.at(1))
        buffer.append(4, track: 0, now: Self.at(3))
        #expect(buffer.rebufferCount == 0)
        #expect(buffer.lastSeekTime == .seconds(2))
        #expect(abs(buffer.levelSeconds - 3) < 1e-6)
    }

    @Test func renditionsFollowThroughputAndBuffer() {
        var choice = BitrateChoice(lineBits: 5e6)
        let bandwidths = [500_000, 2_000_000, 4_000_000, 8_000_000]
        #expect(choice.next(bandwidths: bandwidths, current: nil, levelSeconds: 0) == 2)
        #expect(choice.next(bandwidths: bandwidths, current: 0, levelSeconds: 2) == 0)
        #expect(choice.next(bandwidths: bandwidths, current: 0, levelSeconds: 20) == 2)
        choice.measured(bits: 1e6, line: 5e6)
        #expect(choice.next(bandwidths: bandwidths, current: 2, levelSeconds: 20) == 0)
        #expect(choice.next(bandwidths: bandwidths, current: 2, levelSeconds: 1) == 0)
    }
}
