import ISOBMFF
import Packaging
import Testing

/// What a plan reads, what it refuses, and which codecs are carried.
struct TransportStreamPlanTests {
    private typealias Sample = TransportStreamSample

    private func plan(_ video: [FileRange], _ audio: [FileRange]) throws -> Plan {
        func samples(_ ranges: [FileRange]) -> SegmentSamples {
            SegmentSamples(
                baseMediaDecodeTime: 0,
                sizesBytes: ranges.map { UInt32(truncatingIfNeeded: $0.sizeBytes) },
                durations: ranges.map { _ in 1_024 },
                ranges: ranges
            )
        }
        return try TransportStream.segment(
            video: (Sample.videoTrack(), samples(video)),
            audio: (Sample.audioTrack(), samples(audio)),
            segmentNumber: 1
        )
    }

    @Test func interleavedRangesOfAFileAreOneRead() throws {
        let plan = try plan(
            [
                FileRange(fileIndex: 0, offsetBytes: 1_000, sizeBytes: 500),
                FileRange(fileIndex: 0, offsetBytes: 1_600, sizeBytes: 400),
            ],
            [
                FileRange(fileIndex: 0, offsetBytes: 1_500, sizeBytes: 100),
                FileRange(fileIndex: 0, offsetBytes: 2_000, sizeBytes: 100),
            ]
        )
        #expect(plan.ranges == [FileRange(fileIndex: 0, offsetBytes: 1_000, sizeBytes: 1_100)])
        #expect(plan.transform?.inputSizeBytes == 1_100)
        #expect(plan.sizeBytes == UInt64(plan.transform?.outputSizeBytes ?? 0))
    }

    @Test func smallGapsAreReadAndLargeOnesSkipped() throws {
        let gap = TransportStreamLimits.readGapBytes
        let plan = try plan(
            [FileRange(fileIndex: 0, offsetBytes: 0, sizeBytes: 500)],
            [
                FileRange(fileIndex: 0, offsetBytes: 500 + gap, sizeBytes: 100),
                FileRange(fileIndex: 0, offsetBytes: 601 + 2 * gap, sizeBytes: 100),
            ]
        )
        #expect(
            plan.ranges == [
                FileRange(fileIndex: 0, offsetBytes: 0, sizeBytes: 600 + gap),
                FileRange(fileIndex: 0, offsetBytes: 601 + 2 * gap, sizeBytes: 100),
            ]
        )
    }

    @Test func samplesAreFoundInJoinedRangesOfSeveralFiles() throws {
        let nals = (0..<6).map { Sample.nal(0x41, size: 300 + $0, seed: $0 * 11) }
        let video = nals.map { Sample.sample([$0]) }
        let frames = (0..<6).map { Sample.nal(0x21, size: 90 + $0, seed: $0 * 5) }
        var file: [UInt8] = Array(repeating: 0xEE, count: 40)
        var ranges: ([FileRange], [FileRange]) = ([], [])
        for index in 0..<6 {
            ranges.0.append(
                FileRange(
                    fileIndex: 0,
                    offsetBytes: UInt64(file.count),
                    sizeBytes: UInt64(video[index].count)
                )
            )
            file += video[index]
            if index < 3 {
                ranges.1.append(
                    FileRange(
                        fileIndex: 0,
                        offsetBytes: UInt64(file.count),
                        sizeBytes: UInt64(frames[index].count)
                    )
                )
                file += frames[index] + Array(repeating: 0xEE, count: index == 1 ? 20_000 : 10)
            }
        }
        let other = frames[3...].flatMap { $0 }
        ranges.1.append(
            FileRange(fileIndex: 1, offsetBytes: 0, sizeBytes: UInt64(other.count))
        )
        let plan = try TransportStream.segment(
            video: (
                Sample.videoTrack(),
                SegmentSamples(
                    baseMediaDecodeTime: 0,
                    sizesBytes: video.map { UInt32($0.count) },
                    durations: Array(repeating: 3_600, count: 6),
                    ranges: ranges.0
                )
            ),
            audio: (
                Sample.audioTrack(),
                SegmentSamples(
                    baseMediaDecodeTime: 0,
                    sizesBytes: frames.map { UInt32($0.count) },
                    durations: Array(repeating: 1_024, count: 6),
                    ranges: ranges.1
                )
            ),
            segmentNumber: 1
        )
        #expect(plan.ranges.count == 3)
        let reader = TransportStreamReader(try Sample.run(plan, files: [file, other]))
        #expect(reader.faults == [])
        let units = reader.units(pid: 0x100)
        #expect(units.map { TransportStreamReader.nalUnits($0.payload).last } == nals)
        let audio = reader.units(pid: 0x101).flatMap(\.payload)
        #expect(audio.count == frames.reduce(0) { $0 + $1.count + 7 })
        #expect(audio.suffix(frames[5].count).elementsEqual(frames[5]))
    }

    @Test func nothingIsNoSegment() {
        #expect(throws: PackagingError.nothingToPackage) {
            try TransportStream.segment(video: nil, audio: nil, segmentNumber: 1)
        }
        #expect(throws: PackagingError.nothingToPackage) {
            try TransportStream.segment(
                video: (Sample.videoTrack(), Sample.samples([], duration: 1)),
                audio: nil,
                segmentNumber: 1
            )
        }
    }

    @Test func samplesThatDoNotMatchTheirRangesAreDamage() {
        var mismatched: [SegmentSamples] = []
        for change in 0..<7 {
            var samples = Sample.samples([100, 100], duration: 1_024)
            switch change {
            case 0: samples.ranges[0].sizeBytes -= 1
            case 1: samples.ranges[0].sizeBytes += 1
            case 2: samples.ranges = []
            case 3: samples.durations = [1_024]
            case 4: samples.compositionOffsets = [0]
            case 5: samples.isSync = [true]
            default: samples.descriptionIndex = 1
            }
            mismatched.append(samples)
        }
        for samples in mismatched {
            #expect(throws: PackagingError.damagedSamples(file: "audio-en")) {
                try TransportStream.segment(
                    video: nil,
                    audio: (Sample.audioTrack(), samples),
                    segmentNumber: 1
                )
            }
        }
    }

    @Test func hugeRangesAreRefusedByTheLimitsName() {
        for (offset, size) in [(0, 1 << 31), (UInt64.max, 1), (0, UInt64.max)] as [(UInt64, UInt64)]
        {
            #expect(throws: PackagingError.limitExceeded("segmentSizeBytes")) {
                try plan([FileRange(fileIndex: 0, offsetBytes: offset, sizeBytes: size)], [])
            }
        }
    }

    @Test func buffersOfAnotherSizeAreRefused() throws {
        let plan = try plan([], [FileRange(fileIndex: 0, offsetBytes: 0, sizeBytes: 100)])
        let transform = try #require(plan.transform)
        let bytes = [UInt8](repeating: 7, count: 100)
        var output = [UInt8](repeating: 0, count: transform.outputSizeBytes)
        for (input, room) in [(99, output.count), (100, output.count - 1), (0, 0)] {
            unsafe bytes.withUnsafeBytes { source in
                _ = unsafe output.withUnsafeMutableBytes { target in
                    #expect(throws: PackagingError.damagedSamples(file: "video-720p")) {
                        try unsafe transform.apply(
                            UnsafeRawBufferPointer(rebasing: source[..<input]),
                            to: UnsafeMutableRawBufferPointer(rebasing: target[..<room])
                        )
                    }
                }
            }
        }
    }

    @Test func codecsThatTransportStreamsCarryAreOffered() {
        let entries = [
            Sample.avc(), Sample.aac(), Sample.aac(objectType: 29), Sample.aac(objectType: 5),
            Sample.audio(.mp3, "mp4a"), Sample.audio(.ac3, "ac-3"),
            Sample.audio(.eac3(isJOC: false), "ec-3"),
        ]
        let configuration = PackagingConfiguration()
        for entry in entries {
            #expect(TransportStream.canCarry(entry, configuration: configuration))
        }
    }

    @Test func highEfficiencyVideoIsOfferedOnlyWhereConfigured() {
        let entry = Sample.hevc()
        #expect(!TransportStream.canCarry(entry, configuration: PackagingConfiguration()))
        let allowing = PackagingConfiguration(allowsHEVCInTransportStream: true)
        #expect(TransportStream.canCarry(entry, configuration: allowing))
    }

    @Test func codecsThatTransportStreamsCannotSayAreRefusedByName() {
        let refused = [
            Sample.aac(objectType: 42, coreObjectType: 42), Sample.aac(sampleRate: 47_999),
            Sample.aac(channels: 0), Sample.aac(channels: 8), Sample.aac(hasShortFrames: true),
            Sample.audio(.opus(OpusConfiguration(channelCount: 2, preSkip: 312)), "Opus"),
            Sample.audio(.flac, "fLaC"), Sample.audio(.mp3, "mp4a", rate: 0),
            Sample.avc(lengthSize: 3),
            SampleEntry(format: "encv", boxBytes: [], codec: Sample.avc().codec),
        ]
        for entry in refused {
            #expect(!TransportStream.canCarry(entry, configuration: PackagingConfiguration()))
            #expect(throws: PackagingError.notFound) {
                try TransportStream.segment(
                    video: nil,
                    audio: (Sample.audioTrack(entry), Sample.samples([100], duration: 1_024)),
                    segmentNumber: 1
                )
            }
        }
    }
}
