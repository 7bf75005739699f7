import ISOBMFF
import Packaging

extension SourceTrack {
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
