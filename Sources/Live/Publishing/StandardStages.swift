package import Segmenting

extension PublishStages {
    /// What every publisher goes through: FLV and Enhanced RTMP to samples, samples to parts.
    package static func standard(_ configuration: SegmenterConfiguration) -> PublishStages {
        PublishStages(
            makeSource: { LiveSource() },
            makeSegmenter: { continuation, startMicroseconds in
                Segmenter(
                    configuration: configuration,
                    continuation: continuation,
                    startMicroseconds: startMicroseconds
                )
            }
        )
    }
}

extension Segmenter: PublishSegmenter {}

extension LiveSource: PublishSource {
    package var figures: LiveSourceFigures {
        let statistics = statistics
        var figures = LiveSourceFigures()
        figures.bytes = UInt64(statistics.bytes)
        for track in statistics.tracks {
            figures.healedGaps += UInt64(track.gaps)
            if track.id == LiveTrackID(.video) {
                figures.videoFrames = UInt64(track.frames)
                figures.keyFrameDistanceMicroseconds = track.keyFrameDistanceMicroseconds
            } else if track.id == LiveTrackID(.audio) {
                figures.audioFrames = UInt64(track.frames)
            }
        }
        figures.jumps = UInt64(statistics.jumps)
        figures.dropped = UInt64(statistics.drops.values.reduce(0, +))
        figures.encoder = statistics.metadata.encoder
        figures.width = statistics.metadata.width
        figures.height = statistics.metadata.height
        return figures
    }
}
