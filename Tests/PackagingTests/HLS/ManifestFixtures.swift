import ISOBMFF
import Packaging

/// Tracks as an index would give them, for tests of manifests.
enum ManifestFixtures {
    static let version = AssetVersion(rawValue: 0x0123_4567_89AB_CDEF)

    static let avc = SampleEntry(
        format: "avc1",
        boxBytes: [],
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
        video: VideoProperties(width: 1280, height: 720)
    )

    static func aac(channels: Int = 2, objectType: UInt8 = 2) -> SampleEntry {
        SampleEntry(
            format: "mp4a",
            boxBytes: [],
            codec: .aac(
                AACConfiguration(
                    objectType: objectType,
                    coreObjectType: 2,
                    coreSampleRate: 48_000,
                    channelConfiguration: UInt8(channels),
                    bytes: []
                )
            ),
            audio: AudioProperties(channelCount: channels, sampleRate: 48_000)
        )
    }

    static func audioEntry(_ format: FourCC, _ codec: Codec, channels: Int = 2) -> SampleEntry {
        SampleEntry(
            format: format,
            boxBytes: [],
            codec: codec,
            audio: AudioProperties(channelCount: channels, sampleRate: 48_000)
        )
    }

    static let eac3 = audioEntry("ec-3", .eac3(isJOC: false), channels: 6)

    /// Segments of equal duration and size, numbered from 1.
    static func segments(
        _ count: Int,
        duration: Int64,
        sizeBytes: UInt64
    ) -> [SegmentEntry] {
        (0..<count).map { index in
            SegmentEntry(
                groups: index * 2..<index * 2 + 2,
                number: index + 1,
                start: Int64(index) * duration,
                duration: duration,
                sizeBytes: sizeBytes
            )
        }
    }

    static func video(
        _ name: String = "video-720p",
        entries: [SampleEntry] = [avc],
        width: Int = 1280,
        height: Int = 720,
        rotationDegrees: Int = 0,
        frameRate: (UInt32, UInt32) = (30000, 1001),
        hasClosedCaptions: Bool? = false,
        segments: [SegmentEntry]? = nil,
        sizeBytes: UInt64 = 1_000_000
    ) -> ManifestTrack {
        ManifestTrack(
            track: AssetTrack(
                name: name,
                label: "720p",
                kind: .video,
                fileIndex: 0,
                timescale: 90_000,
                language: "und",
                role: .main,
                sampleEntries: entries,
                rotationDegrees: rotationDegrees,
                displayWidth: width,
                displayHeight: height,
                frameRateNumerator: frameRate.0,
                frameRateDenominator: frameRate.1,
                hasClosedCaptions: hasClosedCaptions
            ),
            segments: segments
                ?? Self.segments(3, duration: 360_360, sizeBytes: sizeBytes)
        )
    }

    static func audio(
        _ name: String = "audio-en",
        label: String = "English",
        language: String = "en",
        role: TrackRole = .main,
        entry: SampleEntry = aac(),
        sizeBytes: UInt64 = 64_000
    ) -> ManifestTrack {
        ManifestTrack(
            track: AssetTrack(
                name: name,
                label: label,
                kind: .audio,
                fileIndex: 0,
                timescale: 48_000,
                language: language,
                role: role,
                sampleEntries: [entry]
            ),
            segments: segments(3, duration: 192_192, sizeBytes: sizeBytes)
        )
    }

    static func subtitles(
        _ name: String = "text-en",
        label: String = "English",
        language: String = "en",
        role: TrackRole = .main
    ) -> SubtitleTrack {
        SubtitleTrack(
            name: name,
            label: label,
            language: language,
            role: role,
            document: WebVTTDocument(cues: [])
        )
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
