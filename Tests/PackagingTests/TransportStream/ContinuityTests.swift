import ISOBMFF
import Packaging
import Testing

/// Segments that know nothing of each other are one stream when they are played in order.
struct ContinuityTests {
    private typealias Sample = TransportStreamSample

    /// Segments of two seconds with video and audio of varying sizes, in one interleaved file.
    private func segments(_ count: Int) throws -> [[UInt8]] {
        try (0..<count).map { index in
            let video = (0..<50).map { frame in
                Sample.sample([Sample.nal(frame == 0 ? 0x65 : 0x41, size: 40 + frame * 37 % 900)])
            }
            let audio = (0..<94).map { Sample.nal(0x21, size: 180 + ($0 * 13 + index) % 60) }
            let bytes = video.flatMap { $0 }
            let plan = try TransportStream.segment(
                video: (
                    Sample.videoTrack(),
                    Sample.samples(
                        video.map(\.count),
                        duration: 3_600,
                        start: UInt64(index * 180_000),
                        isSync: [true] + Array(repeating: false, count: 49)
                    )
                ),
                audio: (
                    Sample.audioTrack(),
                    Sample.samples(
                        audio.map(\.count),
                        duration: 1_024,
                        start: UInt64(index * 96_256),
                        at: UInt64(bytes.count)
                    )
                ),
                segmentNumber: index + 1
            )
            return try Sample.run(plan, files: [bytes + audio.flatMap { $0 }])
        }
    }

    @Test func twentySegmentsHaveNoJumpInAnyCounter() throws {
        let reader = TransportStreamReader(try segments(20).flatMap { $0 })
        #expect(reader.faults == [])
        #expect(Set(reader.packets.map(\.pid)) == [0, 0x1000, 0x100, 0x101])
        #expect(!reader.packets.contains { $0.hasDiscontinuity })
        let clocks = reader.packets.compactMap(\.clock)
        #expect(zip(clocks, clocks.dropFirst()).allSatisfy { (1...9_000).contains($1 - $0) })
    }

    @Test func aLostPacketIsAJumpThatTheCheckSees() throws {
        var all = try segments(3)
        all[1].removeSubrange(376 + 188 * 3..<376 + 188 * 4)
        let faults = TransportStreamReader(all.flatMap { $0 }).faults
        #expect(faults.contains { $0.contains(" packet ") })
    }

    @Test func everyElementaryStreamSpendsAMultipleOfSixteenPackets() throws {
        for segment in try segments(8) {
            let packets = TransportStreamReader(segment).packets
            for pid in [0x100, 0x101] {
                let own = packets.filter { $0.pid == pid && $0.hasPayload }
                #expect(own.count % 16 == 0)
                #expect(own.first?.counter == 0)
                #expect(own.last?.counter == 15)
            }
        }
    }

    @Test func thePESHeaderIsWholeInTheFirstPacketWhereSixteenPacketsShareLittle() throws {
        let bytes = try Sample.video([Sample.sample([Sample.nal(0x65, size: 20)])], offsets: [9])
        let reader = TransportStreamReader(bytes)
        #expect(reader.faults == [])
        let unit = try #require(reader.units(pid: 0x100).first)
        #expect(unit.packetCount == 16)
        #expect(unit.firstPayloadSize >= 19)
    }

    @Test func tracksAreInterleavedByDecodeTimeAndTheClockComesFirst() throws {
        let packets = TransportStreamReader(try segments(1)[0]).packets
        #expect(packets[2].pid == 0x100 && packets[2].clock != nil)
        let starts = packets.filter(\.isUnitStart).dropFirst(2).map(\.pid)
        // 50 pictures of 40 ms, and audio packets of up to 0.2 s: no track waits for long.
        var waiting = 0
        for pid in starts.dropLast(4) {
            waiting = pid == 0x101 ? 0 : waiting + 1
            #expect(waiting <= 6)
        }
    }

    @Test func aTrackWithoutSamplesLeavesTheMapAsItIs() throws {
        let frames = (0..<94).map { Sample.nal(0x21, size: 200 + $0) }
        let plan = try TransportStream.segment(
            video: (Sample.videoTrack(), Sample.samples([], duration: 3_600)),
            audio: (Sample.audioTrack(), Sample.samples(frames.map(\.count), duration: 1_024)),
            segmentNumber: 1
        )
        let bytes = try Sample.run(plan, files: [frames.flatMap { $0 }])
        #expect(Array(bytes[0..<376]) == Array(try segments(1)[0][0..<376]))
        let reader = TransportStreamReader(bytes)
        #expect(reader.faults == [])
        let clocks = reader.packets.filter { $0.clock != nil }
        #expect(clocks.allSatisfy { $0.pid == 0x100 && !$0.hasPayload })
        #expect(clocks.count >= 20)
    }

    @Test func audioThatOutlivesThePictureStillHasAClock() throws {
        let nal = Sample.sample([Sample.nal(0x65, size: 100)])
        let frames = (0..<141).map { Sample.nal(0x21, size: 200 + $0) }
        let plan = try TransportStream.segment(
            video: (Sample.videoTrack(), Sample.samples([nal.count], duration: 3_600)),
            audio: (
                Sample.audioTrack(),
                Sample.samples(frames.map(\.count), duration: 1_024, at: UInt64(nal.count))
            ),
            segmentNumber: 1
        )
        let reader = TransportStreamReader(
            try Sample.run(plan, files: [nal + frames.flatMap { $0 }])
        )
        #expect(reader.faults == [])
        let clocks = reader.packets.compactMap(\.clock)
        #expect(zip(clocks, clocks.dropFirst()).allSatisfy { (1...9_000).contains($1 - $0) })
        #expect(clocks.last.map { $0 > 882_000 + 3 * 88_000 } == true)
    }
}
