import ISOBMFF
import Segmenting

/// A stream of one or more tracks that grows part by part, as a segmenter would make it.
struct LivePlaylistFixture {
    static let token = "token-0123456789"
    /// The 23rd of November 2026, 20:57:02.5 UTC.
    static let start: Int64 = 1_795_467_422_500_000

    var presentation: LivePresentation
    var token = Self.token

    init(_ tracks: [LiveTrack], partTarget: Int64? = 333_334, firstNumber: UInt64 = 100) {
        presentation = LivePresentation(
            renditions: tracks.map { LiveRendition(track: $0) },
            lowLatency: partTarget.map { .parts(targetMicroseconds: $0) }
                ?? .none(reason: "one frame a second"),
            targetDurationSeconds: 6
        )
        self.firstNumber = firstNumber
    }

    private let firstNumber: UInt64

    static func video(_ index: UInt8 = 0, entry: SampleEntry = avc) -> LiveTrack {
        LiveTrack(
            id: LiveTrackID(.video, index),
            timescale: 90_000,
            sampleEntry: entry,
            frameDuration: 3000
        )
    }

    static func audio(
        _ index: UInt8 = 0,
        entry: SampleEntry = aac,
        language: String = "und",
        label: String = ""
    ) -> LiveTrack {
        LiveTrack(
            id: LiveTrackID(.audio, index),
            timescale: 48_000,
            sampleEntry: entry,
            frameDuration: 1024,
            language: language,
            label: label
        )
    }

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

    static let aac = SampleEntry(
        format: "mp4a",
        boxBytes: [],
        codec: .aac(
            AACConfiguration(
                objectType: 2,
                coreObjectType: 2,
                coreSampleRate: 48_000,
                channelConfiguration: 2,
                bytes: []
            )
        ),
        audio: AudioProperties(channelCount: 2, sampleRate: 48_000)
    )

    static let lossless = SampleEntry(
        format: "fLaC",
        boxBytes: [],
        codec: .flac,
        audio: AudioProperties(channelCount: 2, sampleRate: 48_000)
    )

    /// Begins a segment of every track.
    mutating func begin(
        isDiscontinuity: Bool = false,
        initialization: Int = 1,
        isIndependent: Bool = true
    ) {
        for index in presentation.renditions.indices {
            let rendition = presentation.renditions[index]
            let before = rendition.segments.last
            let timescale = rendition.track.timescale
            let decodeTime = before.map { $0.start.decodeTime + $0.duration } ?? 0
            var discontinuities = before?.start.discontinuitySequence ?? 3
            if isDiscontinuity { discontinuities += 1 }
            let start = SegmentStart(
                track: rendition.track.id,
                number: before.map { $0.number + 1 } ?? firstNumber,
                discontinuitySequence: discontinuities,
                isDiscontinuity: isDiscontinuity,
                initializationNumber: initialization,
                decodeTime: decodeTime,
                programDateTime: Self.start + decodeTime * 1_000_000 / Int64(timescale),
                isIndependent: isIndependent
            )
            presentation.renditions[index].segments.append(
                LiveSegment(start: start, token: token, timescale: timescale)
            )
        }
    }

    /// Adds a part of so many milliseconds to the open segments.
    mutating func part(milliseconds: Int64? = nil, isIndependent: Bool = false) {
        for index in presentation.renditions.indices {
            let timescale = Int64(presentation.renditions[index].track.timescale)
            let isVideo = presentation.renditions[index].track.id.kind == .video
            let usual: Int64 = isVideo ? 30_000 : 15_360
            let duration = milliseconds.map { $0 * timescale / 1000 } ?? usual
            let last = presentation.renditions[index].segments.count - 1
            presentation.renditions[index].segments[last].parts.append(
                LiveSegment.PartEntry(
                    duration: duration,
                    sizeBytes: 80_000,
                    isIndependent: isIndependent || !isVideo
                )
            )
            presentation.renditions[index].segments[last].duration += duration
        }
    }

    mutating func end() {
        for index in presentation.renditions.indices {
            let last = presentation.renditions[index].segments.count - 1
            presentation.renditions[index].segments[last].isComplete = true
        }
    }

    mutating func segments(_ count: Int, parts: Int = 6) {
        for _ in 0..<count {
            begin()
            for index in 0..<parts { part(isIndependent: index == 0) }
            end()
        }
    }

    mutating func change(
        _ track: LiveTrackID,
        segment index: Int,
        _ body: (inout LiveSegment) -> Void
    ) {
        for rendition in presentation.renditions.indices
        where presentation.renditions[rendition].track.id == track {
            body(&presentation.renditions[rendition].segments[index])
        }
    }

    func text(
        _ track: LiveTrackID = LiveTrackID(.video),
        scope: LiveAddress.Scope = .live,
        delta: LiveHLSDelta? = nil,
        offersParts: Bool = true
    ) -> String {
        let bytes = LiveHLS.media(
            presentation,
            track: track,
            scope: scope,
            delta: delta,
            offersParts: offersParts
        )
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}
