import ISOBMFF
import Packaging

/// Hand-made movies, so that a test says only what it is about.
enum MovieBuilder {
    static func avc(width: Int = 1280, height: Int = 720) -> SampleEntry {
        SampleEntry(
            format: "avc1",
            boxBytes: [UInt8](repeating: UInt8(truncatingIfNeeded: height), count: 16),
            codec: .avc(
                AVCConfiguration(
                    profile: 100,
                    compatibility: 0,
                    level: 31,
                    lengthSize: 4,
                    sequenceParameterSets: [],
                    pictureParameterSets: []
                )
            ),
            video: VideoProperties(width: width, height: height)
        )
    }

    static func aac(channels: Int = 2, sampleRate: UInt32 = 48000) -> SampleEntry {
        SampleEntry(
            format: "mp4a",
            boxBytes: [UInt8](repeating: UInt8(channels), count: 16),
            codec: .aac(
                AACConfiguration(
                    objectType: 2,
                    coreObjectType: 2,
                    coreSampleRate: sampleRate,
                    channelConfiguration: UInt8(channels),
                    bytes: []
                )
            ),
            audio: AudioProperties(channelCount: channels, sampleRate: sampleRate)
        )
    }

    /// A video of constant frame duration with a key frame every `gop` frames.
    ///
    /// Frame sizes depend on the frame's number, key frames are larger; samples touch each other.
    static func video(
        frames: Int,
        gop: Int,
        timescale: UInt32 = 12800,
        frameDuration: UInt32 = 512,
        width: Int = 1280,
        height: Int = 720,
        edit: Edit = Edit(),
        firstSize: UInt32 = 1000,
        offset: UInt64 = 1000
    ) -> Track {
        let sizes = (0..<frames).map { frame in
            frame % gop == 0 ? firstSize * 10 : firstSize + UInt32(frame % 97)
        }
        return Track(
            id: 1,
            kind: .video,
            timescale: timescale,
            displayWidth: width,
            displayHeight: height,
            edit: edit,
            sampleEntries: [avc(width: width, height: height)],
            samples: SampleTable(
                sizesBytes: sizes,
                offsetsBytes: touching(sizes, from: offset),
                durations: [UInt32](repeating: frameDuration, count: frames),
                dependencies: (0..<frames).map { $0 % gop == 0 ? .sync : .dependent }
            )
        )
    }

    /// An audio of 1024 ticks a sample.
    static func audio(
        samples: Int,
        timescale: UInt32 = 48000,
        channels: Int = 2,
        language: String = "und",
        edit: Edit = Edit(),
        size: UInt32 = 300,
        offset: UInt64 = 100_000_000
    ) -> Track {
        let sizes = (0..<samples).map { size + UInt32($0 % 31) }
        return Track(
            id: 2,
            kind: .audio,
            timescale: timescale,
            language: language,
            edit: edit,
            sampleEntries: [aac(channels: channels, sampleRate: timescale)],
            samples: SampleTable(
                sizesBytes: sizes,
                offsetsBytes: touching(sizes, from: offset),
                durations: [UInt32](repeating: 1024, count: samples)
            )
        )
    }

    static func touching(_ sizes: [UInt32], from offset: UInt64) -> [UInt64] {
        var next = offset
        return sizes.map { size in
            defer { next += UInt64(size) }
            return next
        }
    }

    static func file(
        _ tracks: Track...,
        name: String = "video.mp4",
        rendition: String? = nil,
        digest: UInt64 = 1
    ) -> SourceFile {
        SourceFile(
            name: name,
            rendition: rendition,
            sizeBytes: 1 << 40,
            movie: Movie(timescale: 1000, isFragmented: false, tracks: tracks, headerDigest: digest)
        )
    }

    static func index(
        _ files: SourceFile...,
        subtitles: [SubtitleFile] = [],
        target: Int64 = 4
    ) throws -> AssetIndex {
        try AssetIndex.build(
            from: AssetSource(files: files, subtitles: subtitles),
            configuration: PackagingConfiguration(
                targetSegmentDuration: MediaTime(target, timescale: 1)
            )
        )
    }
}

extension AssetIndex {
    /// Durations of a track's segments in seconds, for comparison with literals.
    func segmentSeconds(ofTrack track: Int) -> [Double] {
        segments(ofTrack: track).map { Double($0.duration) / Double(tracks[track].timescale) }
    }

    /// Group starts in seconds on the asset's timeline.
    func groupSeconds() -> [Double] {
        (0..<groupCount).compactMap { group in
            segmentTimeline(clip: group..<group + 1).first
                .map { Double($0.start) / Double(timelineTimescale) }
        }
    }
}
