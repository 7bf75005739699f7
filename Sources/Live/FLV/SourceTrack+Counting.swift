import ISOBMFF
import Packaging

extension SourceTrack {
    /// Sees that viewers can start, by what became of a frame.
    mutating func watchKeyFrames(
        _ outcome: VideoAssembly.Outcome?,
        _ arrivalMicroseconds: Int64,
        _ limits: LiveSourceConfiguration.Limits
    ) throws(LiveSourceError) {
        let isSync: Bool
        switch outcome {
        case .frame(_, let isFrameSync): isSync = isFrameSync
        case .dropped: isSync = false
        case .nothing, nil: return
        }
        try keyFrames.see(
            isSync: isSync,
            isRecoveryPoint: video?.isAtRecoveryPoint ?? false,
            isConfigured: video?.entry != nil,
            at: arrivalMicroseconds,
            limits
        )
    }

    /// Looks into a frame for captions.
    mutating func lookForCaptions(_ bytes: [UInt8], headBytes: Int) {
        captionLooks += 1
        guard !hasCaptions, let codec = video?.entry?.codec else { return }
        let head = bytes.count > headBytes ? Array(bytes.prefix(headBytes)) : bytes
        hasCaptions = CaptionScan.hasCaptions(inHeadOf: head, codec: codec)
    }
}

extension LiveSourceStatistics.TrackStatistics {
    mutating func count(_ sample: SourceSample) {
        frames += 1
        bytes += sample.bytes.count
    }

    /// Notes a frame that decoding can start at.
    mutating func countSync(at microseconds: Int64) {
        if let lastSync {
            keyFrameDistance = frames - lastSync.frame
            keyFrameDistanceMicroseconds = microseconds - lastSync.microseconds
        }
        syncFrames += 1
        lastSync = (frames, microseconds)
    }
}
