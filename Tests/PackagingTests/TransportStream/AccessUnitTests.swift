import ISOBMFF
import Packaging
import Testing

/// Samples of length-prefixed NAL units come out as byte stream access units.
struct AccessUnitTests {
    private typealias Sample = TransportStreamSample
    private let delimiter: [UInt8] = [0x09, 0xF0]

    private func accessUnits(_ bytes: [UInt8]) -> [[[UInt8]]] {
        let reader = TransportStreamReader(bytes)
        #expect(reader.faults == [])
        return reader.units(pid: 0x100).map { TransportStreamReader.nalUnits($0.payload) }
    }

    @Test func firstPacketHasTheBytesOfTheSpecification() throws {
        let bytes = try Sample.video(
            [Sample.sample([Sample.nal(0x65, size: 600)])],
            track: Sample.videoTrack(editMediaTime: 7_200),
            offsets: [14_400]
        )
        let first = bytes[376..<564]
        #expect(Array(first.prefix(4)) == [0x47, 0x41, 0x00, 0x30])
        // Random access; PCR: 18000 before the DTS.
        #expect(Array(first.dropFirst(4).prefix(8)) == [7, 0x50, 0, 0x06, 0xAC, 0x98, 0x7E, 0x00])
        #expect(
            Array(first.dropFirst(12).prefix(19)) == [
                0, 0, 1, 0xE0, 0, 0, 0x84, 0xC0, 10,
                0x31, 0x00, 0x37, 0xAF, 0x81,  // PTS 900000 - 7200 + 14400
                0x11, 0x00, 0x37, 0x3F, 0x01,  // DTS 900000 - 7200
            ]
        )
        let unit = try #require(TransportStreamReader(bytes).units(pid: 0x100).first)
        #expect(unit.presentationTime == 907_200)
        #expect(unit.decodeTime == 892_800)
    }

    @Test func syncSamplesGetParameterSetsAndAllGetADelimiter() throws {
        let key = Sample.nal(0x65, size: 3_000)
        let other = Sample.nal(0x41, size: 500, seed: 3)
        let bytes = try Sample.video(
            [Sample.sample([key]), Sample.sample([other]), Sample.sample([key])],
            isSync: [true, false, true]
        )
        let sets = [Sample.sequenceParameterSet, Sample.pictureParameterSet]
        #expect(
            accessUnits(bytes) == [
                [delimiter] + sets + [key], [delimiter, other], [delimiter] + sets + [key],
            ]
        )
        let units = TransportStreamReader(bytes).units(pid: 0x100)
        #expect(units.map(\.isRandomAccess) == [true, false, true])
        #expect(units.allSatisfy { $0.streamID == 0xE0 && $0.length == 0 })
    }

    @Test func aSegmentThatStartsWithoutSyncSampleStillSaysItsParameterSets() throws {
        let nal = Sample.nal(0x41, size: 300)
        let bytes = try Sample.video([Sample.sample([nal])], isSync: [false])
        #expect(accessUnits(bytes).first?.count == 4)
    }

    @Test func aDelimiterOfTheSampleIsNotDoubledAndTheSizeStaysThatOfThePlan() throws {
        let own: [UInt8] = [0x09, 0x30]
        let nals = [Sample.nal(0x06, size: 20), Sample.nal(0x65, size: 900)]
        let bytes = try Sample.video([Sample.sample([own] + nals), Sample.sample([own] + nals)])
        for unit in accessUnits(bytes) {
            #expect(unit.filter { $0[0] & 0x1F == 9 } == [delimiter])
            #expect(Array(unit.suffix(2)) == nals)
        }
    }

    @Test func emptyUnitsAreLeftOut() throws {
        let nal = Sample.nal(0x65, size: 400)
        let bytes = try Sample.video([Sample.sample([[], nal, [], []])])
        #expect(accessUnits(bytes).first?.last == nal)
        #expect(accessUnits(bytes).first?.count == 4)
    }

    @Test(arguments: [1, 2])
    func shortLengthsGrowIntoStuffing(_ lengthSize: Int) throws {
        let nals = (0..<40).map { Sample.nal(0x41, size: 60 + $0 * 4, seed: $0) }
        let sample = Sample.sample(nals, lengthSize: lengthSize)
        let track = Sample.videoTrack(Sample.avc(lengthSize: lengthSize))
        let bytes = try Sample.video([sample, sample, sample], track: track)
        for unit in accessUnits(bytes) {
            #expect(Array(unit.suffix(40)) == nals)
        }
    }

    @Test func moreShortUnitsThanThereIsRoomForAreDamage() {
        let nals = (0..<2_000).map { Sample.nal(0x41, size: 2, seed: $0) }
        let sample = Sample.sample(nals, lengthSize: 1)
        let track = Sample.videoTrack(Sample.avc(lengthSize: 1))
        #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
            try Sample.video([sample], track: track)
        }
    }

    @Test func highEfficiencyVideoHasItsOwnDelimiterAndThreeParameterSets() throws {
        let nal = [0x26, 0x01] + Sample.nal(0x10, size: 700)
        let own: [UInt8] = [0x46, 0x01, 0x10]
        let bytes = try Sample.video(
            [Sample.sample([own, nal])],
            track: Sample.videoTrack(Sample.hevc())
        )
        #expect(
            accessUnits(bytes) == [
                [[0x46, 0x01, 0x50], [0x40, 1, 0x0C], [0x42, 1, 1], [0x44, 1, 0xC1], nal]
            ]
        )
    }

    @Test(arguments: 0..<600)
    func everySizeAroundThePacketsEdgesComesBackWhole(_ size: Int) throws {
        let nals = [Sample.nal(0x65, size: size + 1), Sample.nal(0x41, size: 30 + size % 7)]
        let small = [Sample.nal(0x41, size: 1 + size % 190)]
        let bytes = try Sample.video(
            [Sample.sample(nals), Sample.sample(small)],
            isSync: [true, false]
        )
        let units = accessUnits(bytes)
        #expect(Array(units[0].suffix(2)) == nals)
        #expect(Array(units[1].suffix(1)) == small)
    }

    @Test func aUnitThatOverrunsItsSampleIsDamage() {
        for length in [UInt8(200), 255] {
            let sample = [0, 0, 0, length] + Sample.nal(0x65, size: 199)
            #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
                try Sample.video([sample, sample])
            }
        }
    }

    @Test func lengthsThatAreCutShortOrHugeAreDamage() {
        let nal = Sample.sample([Sample.nal(0x65, size: 100)])
        for tail in [
            [0], [0, 0], [0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 1],
        ] {
            #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
                try Sample.video([nal + tail.map { UInt8($0) }])
            }
        }
    }

    @Test func samplesOfNothingButEmptyUnitsAreDamageWhereTheyCannotFillTheirPackets() {
        #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
            try Sample.video([[UInt8](repeating: 0, count: 40_000)])
        }
    }

    @Test func emptySamplesMakeNoAccessUnit() throws {
        let nal = Sample.nal(0x65, size: 300)
        let bytes = try Sample.video([[], Sample.sample([nal]), []])
        #expect(accessUnits(bytes).map(\.last) == [nal])
    }

    @Test func randomBytesNeverWriteOutsideAndNeverTrap() throws {
        var state: UInt64 = 88_172_645_463_325_252
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        var whole = 0
        for round in 0..<1_000 {
            var samples: [[UInt8]] = []
            for _ in 0..<3 {
                let nals = (0..<(1 + next() % 4)).map { _ in
                    Sample.nal(0x41, size: Int(next() % 400), seed: Int(next() % 99))
                }
                samples.append(Sample.sample(nals, lengthSize: [1, 2, 4][round % 3]))
            }
            for _ in 0..<(next() % 3) where !samples[0].isEmpty {
                samples[0][Int(next() % UInt64(samples[0].count))] = UInt8(next() & 0xFF)
            }
            let track = Sample.videoTrack(Sample.avc(lengthSize: [1, 2, 4][round % 3]))
            if let bytes = try? Sample.video(samples, track: track) {
                #expect(TransportStreamReader(bytes).faults == [])
                whole += 1
            }
        }
        #expect(whole > 200)
    }
}
