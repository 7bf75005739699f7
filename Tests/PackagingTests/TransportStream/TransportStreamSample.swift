import ISOBMFF
import Packaging
import Testing

/// Small tracks and segments for the tests, with bytes that cannot be mistaken for start codes.
enum TransportStreamSample {
    static let sequenceParameterSet: [UInt8] = [0x67, 0x64, 0x00, 0x1F, 0xAC, 0xD9]
    static let pictureParameterSet: [UInt8] = [0x68, 0xEB, 0xE3, 0xCB]

    static func avc(lengthSize: Int = 4) -> SampleEntry {
        let configuration = AVCConfiguration(
            profile: 100,
            compatibility: 0,
            level: 31,
            lengthSize: lengthSize,
            sequenceParameterSets: [sequenceParameterSet],
            pictureParameterSets: [pictureParameterSet]
        )
        return SampleEntry(format: "avc1", boxBytes: [], codec: .avc(configuration))
    }

    static func hevc() -> SampleEntry {
        let configuration = HEVCConfiguration(
            profileSpace: 0,
            isHighTier: false,
            profile: 1,
            profileCompatibility: 0x6000_0000,
            constraints: 0,
            level: 93,
            lengthSize: 4,
            parameterSets: [[0x40, 1, 0x0C], [0x42, 1, 1], [0x44, 1, 0xC1]]
        )
        return SampleEntry(format: "hvc1", boxBytes: [], codec: .hevc(configuration))
    }

    static func aac(
        objectType: UInt8 = 2,
        coreObjectType: UInt8 = 2,
        sampleRate: UInt32 = 48_000,
        channels: UInt8 = 2,
        hasShortFrames: Bool = false
    ) -> SampleEntry {
        let configuration = AACConfiguration(
            objectType: objectType,
            coreObjectType: coreObjectType,
            coreSampleRate: sampleRate,
            channelConfiguration: channels,
            hasShortFrames: hasShortFrames,
            bytes: []
        )
        return SampleEntry(format: "mp4a", boxBytes: [], codec: .aac(configuration))
    }

    static func audio(_ codec: Codec, _ format: FourCC, rate: UInt32 = 48_000) -> SampleEntry {
        let properties = AudioProperties(channelCount: 2, sampleRate: rate)
        return SampleEntry(format: format, boxBytes: [], codec: codec, audio: properties)
    }

    static func videoTrack(
        _ entry: SampleEntry = avc(),
        timescale: UInt32 = 90_000,
        editMediaTime: Int64 = 0
    ) -> AssetTrack {
        AssetTrack(
            name: "video-720p",
            label: "720p",
            kind: .video,
            fileIndex: 0,
            timescale: timescale,
            language: "und",
            role: .main,
            sampleEntries: [entry],
            editMediaTime: editMediaTime
        )
    }

    static func audioTrack(
        _ entry: SampleEntry = aac(),
        timescale: UInt32 = 48_000,
        language: String = "und",
        role: TrackRole = .main,
        editMediaTime: Int64 = 0
    ) -> AssetTrack {
        AssetTrack(
            name: "audio-en",
            label: "English",
            kind: .audio,
            fileIndex: 0,
            timescale: timescale,
            language: language,
            role: role,
            sampleEntries: [entry],
            editMediaTime: editMediaTime
        )
    }

    /// Samples one behind the other in one file.
    static func samples(
        _ sizes: [Int],
        duration: UInt32,
        start: UInt64 = 0,
        offsets: [Int32] = [],
        isSync: [Bool] = [],
        at offsetBytes: UInt64 = 0,
        fileIndex: Int = 0
    ) -> SegmentSamples {
        let range = FileRange(
            fileIndex: fileIndex,
            offsetBytes: offsetBytes,
            sizeBytes: UInt64(sizes.reduce(0, +))
        )
        return SegmentSamples(
            baseMediaDecodeTime: start,
            sizesBytes: sizes.map { UInt32($0) },
            durations: Array(repeating: duration, count: sizes.count),
            compositionOffsets: offsets,
            isSync: isSync,
            ranges: sizes.isEmpty ? [] : [range]
        )
    }

    /// A NAL unit of `size` bytes whose bytes depend on `seed`, none of them 0 or 1.
    static func nal(_ type: UInt8, size: Int, seed: Int = 0) -> [UInt8] {
        [type] + (1..<max(size, 1)).map { UInt8(2 + ($0 &* 7 &+ seed) % 250) }
    }

    /// NAL units as a sample holds them.
    static func sample(_ nals: [[UInt8]], lengthSize: Int = 4) -> [UInt8] {
        nals.flatMap { nal in
            (0..<lengthSize).reversed().map { UInt8(truncatingIfNeeded: nal.count >> ($0 * 8)) }
                + nal
        }
    }

    /// Runs a plan's transform over the bytes of its ranges, taken from files in memory.
    static func run(_ plan: Plan, files: [[UInt8]]) throws -> [UInt8] {
        let transform = try #require(plan.transform)
        let input = plan.ranges.flatMap { range in
            files[range.fileIndex][
                Int(range.offsetBytes)..<Int(range.offsetBytes + range.sizeBytes)
            ]
        }
        // A margin on both sides shows writes outside.
        var output = [UInt8](repeating: 0xA5, count: transform.outputSizeBytes + 512)
        try unsafe input.withUnsafeBytes { source in
            try unsafe output.withUnsafeMutableBytes { target in
                let middle = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: target[256..<256 + transform.outputSizeBytes]
                )
                try unsafe transform.apply(source, to: middle)
            }
        }
        #expect(output.prefix(256).allSatisfy { $0 == 0xA5 }, "wrote in front of the output")
        #expect(output.suffix(256).allSatisfy { $0 == 0xA5 }, "wrote behind the output")
        return Array(output[256..<256 + transform.outputSizeBytes])
    }

    /// One video sample for each element, in a file of their own, as a whole segment.
    static func video(
        _ samples: [[UInt8]],
        track: AssetTrack = videoTrack(),
        duration: UInt32 = 3_600,
        start: UInt64 = 0,
        offsets: [Int32] = [],
        isSync: [Bool] = [],
        number: Int = 1
    ) throws -> [UInt8] {
        let layout = Self.samples(
            samples.map(\.count),
            duration: duration,
            start: start,
            offsets: offsets,
            isSync: isSync
        )
        let plan = try TransportStream.segment(
            video: (track, layout),
            audio: nil,
            segmentNumber: number
        )
        return try run(plan, files: [samples.flatMap { $0 }])
    }

    /// Likewise for audio frames.
    static func audio(
        _ frames: [[UInt8]],
        track: AssetTrack = audioTrack(),
        duration: UInt32 = 1_024,
        start: UInt64 = 0,
        number: Int = 1
    ) throws -> [UInt8] {
        let layout = Self.samples(frames.map(\.count), duration: duration, start: start)
        let plan = try TransportStream.segment(
            video: nil,
            audio: (track, layout),
            segmentNumber: number
        )
        return try run(plan, files: [frames.flatMap { $0 }])
    }
}
