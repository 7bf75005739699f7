import Segmenting

/// What a live source knows of one track.
struct SourceTrack: Sendable {
    let id: LiveTrackID
    /// One of the two, by kind.
    var video: VideoAssembly?
    var audio: AudioAssembly?
    var videoTiming: VideoTiming?
    var audioTiming: AudioTiming?
    /// It sends; so it is, or is about to be, among the announced tracks.
    var isPresent = false
    /// Where its last sample stands, in microseconds.
    var lastTime: Int64 = 0
    /// The assembly's format that was noticed.
    var formatNumber = 0
    var keyFrames = KeyFrameWatch()
    var hasCaptions = false
    var captionLooks = 0
    var statistics: LiveSourceStatistics.TrackStatistics

    init(_ id: LiveTrackID) {
        self.id = id
        statistics = LiveSourceStatistics.TrackStatistics(id: id)
    }

    var assemblyFormatNumber: Int { video?.formatNumber ?? audio?.formatNumber ?? 0 }

    /// The track as it is announced; nil before its coding is known.
    func announcement(_ metadata: StreamMetadata) -> LiveTrack? {
        if let entry = video?.entry {
            return LiveTrack(
                id: id,
                timescale: UInt32(TimingLimits.videoTimescale),
                sampleEntry: entry,
                frameDuration: videoTiming?.interval.map { UInt32(clamping: $0.ticks) },
                hasCaptions: hasCaptions,
                declaredBitrate: id.index == 0 ? metadata.videoBitrate : 0
            )
        }
        guard let audio, let entry = audio.entry else { return nil }
        return LiveTrack(
            id: id,
            timescale: audio.sampleRate,
            sampleEntry: entry,
            frameDuration: UInt32(audio.frameSize),
            declaredBitrate: id.index == 0 ? metadata.audioBitrate : 0
        )
    }
}

/// A sample on its way: bytes as they are stored, times as the encoder has them.
struct SourceSample: Sendable {
    var track: LiveTrackID
    /// Decode time in microseconds.
    var stamp: Int64
    /// Presentation less decode time in microseconds.
    var composition: Int64
    /// Of an audio frame, in the track's timescale.
    var samples: Int
    var isSync: Bool
    var arrivalMicroseconds: Int64
    var bytes: [UInt8]
}
