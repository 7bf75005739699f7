import ISOBMFF
import Packaging
import Segmenting

/// A live stream as its playlists would know it, one segment after another.
struct LiveDASHFixture {
    static let startMicroseconds: Int64 = 1_800_000_000_000_000
    static let partMicroseconds: Int64 = 334_000

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

    static let video = LiveTrack(
        id: LiveTrackID(.video),
        timescale: 90_000,
        sampleEntry: avc,
        frameDuration: 3000
    )
    static let audio = LiveTrack(
        id: LiveTrackID(.audio),
        timescale: 48_000,
        sampleEntry: aac,
        frameDuration: 1024,
        language: "en",
        label: "English"
    )

    var presentation: LivePresentation
    var windowSegments = 30
    var token = "token-number-000001"
    var discontinuity: UInt64 = 0
    var isDiscontinuity = false
    var initialization = 1
    /// Next segment's number and start on the publish's timeline, microseconds.
    var number: UInt64 = 100
    var mediaMicroseconds: Int64 = 0
    /// Wall clock of the publish's time 0.
    var zero = startMicroseconds
    /// The encoder's clock against ours, in millionths.
    var drift: Int64 = 0

    init(tracks: [LiveTrack] = [video, audio], isLowLatency: Bool = true) {
        presentation = LivePresentation(
            renditions: tracks.map { track in
                LiveRendition(track: track, averageBitrate: 1_000_000, peakBitrate: 1_100_000)
            },
            lowLatency: isLowLatency
                ? .parts(targetMicroseconds: Self.partMicroseconds) : .none(reason: "test")
        )
    }

    /// Wall clock at which media of a time comes, by the stream's own clocks.
    func wall(_ media: Int64) -> Int64 { zero + media + media * drift / 1_000_000 }

    /// Adds a segment of a length in microseconds to all tracks.
    mutating func append(_ length: Int64, isComplete: Bool = true) {
        for index in presentation.renditions.indices {
            let track = presentation.renditions[index].track
            let frame = Int64(track.frameDuration ?? 1)
            func cut(_ time: Int64) -> Int64 {
                let ticks = MediaTime(time, timescale: 1_000_000).rounded(
                    toTimescale: track.timescale
                )
                return (ticks + frame - 1) / frame * frame
            }
            let start = cut(mediaMicroseconds)
            let startMicroseconds = MediaTime(start, timescale: track.timescale).microseconds
            var segment = LiveSegment(
                start: SegmentStart(
                    track: track.id,
                    number: number,
                    discontinuitySequence: discontinuity,
                    isDiscontinuity: isDiscontinuity,
                    initializationNumber: initialization,
                    decodeTime: start,
                    programDateTime: wall(startMicroseconds),
                    isIndependent: true
                ),
                token: token,
                timescale: track.timescale
            )
            segment.duration = cut(mediaMicroseconds + length) - start
            segment.isComplete = isComplete
            let reference = LiveRendition.InitializationReference(
                token: token,
                number: initialization,
                track: track
            )
            if !presentation.renditions[index].initializations.contains(reference) {
                presentation.renditions[index].initializations.append(reference)
            }
            presentation.renditions[index].segments.append(segment)
            if presentation.renditions[index].segments.count > windowSegments {
                presentation.renditions[index].segments.removeFirst()
            }
        }
        number += 1
        mediaMicroseconds += length
        isDiscontinuity = false
    }

    /// Another publish after a pause.
    mutating func republish(token: String, after pause: Int64) {
        zero = wall(mediaMicroseconds) + pause
        self.token = token
        mediaMicroseconds = 0
        initialization = 1
        discontinuity += 1
        isDiscontinuity = true
    }
}
