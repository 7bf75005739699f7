import ISOBMFF
import Segmenting
import TestSupport

/// Live inputs as an encoder with these habits would have them.
struct SyntheticStream {
    var seconds = 20.0
    /// In ticks of 90000; nil: no video.
    var frameTicks: Int64? = 3000
    /// A key frame every so many frames.
    var keyInterval = 60
    /// Whether samples say how long they last.
    var isConstant = true
    /// Presentation minus decode time of key frames.
    var keyOffset: Int32 = 0
    /// In ticks of 48000; nil: no audio.
    var audioTicks: Int64? = 1024
    /// Where the audio's timeline starts.
    var audioStartSeconds = 0.0
    /// How much later than its time the audio comes.
    var audioLagSeconds = 0.0
    /// Media times, in seconds, at which the audio is missing.
    var audioSilence = 0.0..<0.0
    var videoSilence = 0.0..<0.0
    /// How much faster the encoder's clock runs than ours, in millionths.
    var driftPPM = 0.0
    var payloadBytes = 24
    /// Renditions with the same key frames beside the first video.
    var moreVideos: UInt8 = 0
    /// At most so many ticks are added to or taken from each frame, where the rate varies.
    var jitterTicks: Int64 = 0
    var seed: UInt64 = 1

    static let start: Int64 = 1_700_000_000_000_000

    static func videoTrack(_ index: UInt8 = 0, frameTicks: Int64?) -> LiveTrack {
        var writer = BoxWriter()
        writer.box("avc1") {
            $0.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 16))
            $0.append(contentsOf: [2, 128, 1, 104] + [UInt8](repeating: 0, count: 50))
            $0.box("avcC") { $0.append(contentsOf: [1, 66, 0, 30, 255, 225, 0, 0, 0]) }
        }
        let avc = AVCConfiguration(
            profile: 66,
            compatibility: 0,
            level: 30,
            lengthSize: 4,
            sequenceParameterSets: [],
            pictureParameterSets: []
        )
        return LiveTrack(
            id: LiveTrackID(.video, index),
            timescale: 90_000,
            sampleEntry: SampleEntry(
                format: "avc1",
                boxBytes: writer.bytes,
                codec: .avc(avc),
                video: VideoProperties(width: 640, height: 360)
            ),
            frameDuration: frameTicks.map { UInt32($0) }
        )
    }

    static func audioTrack(frameTicks: Int64 = 1024) -> LiveTrack {
        var writer = BoxWriter()
        writer.box("Opus") {
            $0.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8))
            $0.append(contentsOf: [0, 2, 0, 16, 0, 0, 0, 0, 187, 128, 0, 0])
            $0.box("dOps") { $0.append(contentsOf: [0, 2, 0, 0, 0, 0, 187, 128, 0, 0, 0]) }
        }
        return LiveTrack(
            id: LiveTrackID(.audio),
            timescale: 48_000,
            sampleEntry: SampleEntry(
                format: "Opus",
                boxBytes: writer.bytes,
                codec: .opus(OpusConfiguration(channelCount: 2, preSkip: 0)),
                audio: AudioProperties(channelCount: 2, sampleRate: 48_000)
            ),
            frameDuration: UInt32(frameTicks)
        )
    }

    var tracks: [LiveTrack] {
        var tracks: [LiveTrack] = []
        if let frameTicks {
            for index in 0...moreVideos {
                tracks.append(Self.videoTrack(index, frameTicks: isConstant ? frameTicks : nil))
            }
        }
        if let audioTicks { tracks.append(Self.audioTrack(frameTicks: audioTicks)) }
        return tracks
    }

    /// `tracks`, then samples in the order in which they come.
    var inputs: [LiveInput] { [.tracks(tracks)] + samples.map { .sample($0) } }

    var samples: [LiveSample] {
        var samples: [(comes: Double, sample: LiveSample)] = videoSamples
        if let audioTicks {
            let first = Int64(audioStartSeconds * 48_000)
            for time in stride(from: first, to: Int64(seconds * 48_000), by: Int(audioTicks)) {
                let at = Double(time) / 48_000
                guard !audioSilence.contains(at) else { continue }
                let sample = LiveSample(
                    track: LiveTrackID(.audio),
                    decodeTime: time,
                    duration: UInt32(audioTicks),
                    isSync: true,
                    arrivalMicroseconds: arrival(at + audioLagSeconds),
                    bytes: [UInt8](repeating: 7, count: payloadBytes)
                )
                samples.append((at + audioLagSeconds, sample))
            }
        }
        return samples.sorted { $0.comes < $1.comes }.map(\.sample)
    }

    private var videoSamples: [(comes: Double, sample: LiveSample)] {
        guard let frameTicks else { return [] }
        var samples: [(comes: Double, sample: LiveSample)] = []
        var random = SplitMix(state: seed)
        var time: Int64 = 0
        for frame in 0..<Int(seconds * 90_000 / Double(frameTicks)) {
            let at = Double(time) / 90_000
            for index in 0...moreVideos where !videoSilence.contains(at) {
                let sample = LiveSample(
                    track: LiveTrackID(.video, index),
                    decodeTime: time,
                    compositionOffset: frame % keyInterval == 0 ? keyOffset : 2 * keyOffset,
                    duration: isConstant ? UInt32(frameTicks) : nil,
                    isSync: frame % keyInterval == 0,
                    arrivalMicroseconds: arrival(at),
                    bytes: [UInt8](repeating: UInt8(frame & 255), count: payloadBytes)
                )
                samples.append((at, sample))
            }
            let jitter =
                jitterTicks > 0 ? Int64.random(in: -jitterTicks...jitterTicks, using: &random) : 0
            time += frameTicks + jitter
        }
        return samples
    }

    private func arrival(_ seconds: Double) -> Int64 {
        Self.start + Int64(seconds * (1_000_000 - driftPPM))
    }
}

/// What a segmenter makes of inputs.
struct Segmented {
    var actions: [SegmenterAction] = []
    var segmenter: Segmenter

    init(
        _ inputs: [LiveInput],
        configuration: SegmenterConfiguration = SegmenterConfiguration(),
        continuation: LiveContinuation = LiveContinuation()
    ) {
        segmenter = Segmenter(
            configuration: configuration,
            continuation: continuation,
            startMicroseconds: SyntheticStream.start
        )
        for input in inputs { segmenter.apply(input, into: &actions) }
        segmenter.finish(into: &actions)
    }

    init(
        _ stream: SyntheticStream,
        configuration: SegmenterConfiguration = SegmenterConfiguration()
    ) {
        self.init(stream.inputs, configuration: configuration)
    }

    var offers: [LowLatencyOffer] {
        actions.compactMap { if case .lowLatency(let offer) = $0 { offer } else { nil } }
    }

    var target: Int64? {
        if case .parts(let target)? = offers.last { target } else { nil }
    }

    func starts(_ track: LiveTrackID) -> [SegmentStart] {
        actions.compactMap {
            if case .segmentBegan(let start) = $0, start.track == track { start } else { nil }
        }
    }

    func parts(_ track: LiveTrackID) -> [LivePart] {
        actions.compactMap {
            if case .part(let part) = $0, part.track == track { part } else { nil }
        }
    }

    func ends(_ track: LiveTrackID) -> [SegmentEnd] {
        actions.compactMap {
            if case .segmentEnded(let end) = $0, end.track == track { end } else { nil }
        }
    }
}

extension LiveTrackID {
    static let v0 = LiveTrackID(.video)
    static let a0 = LiveTrackID(.audio)
}
