import Packaging

/// One track in one period of a live manifest.
struct LiveDASHRepresentation {
    var track: AssetTrack
    var liveTrack: LiveTrack
    var bandwidth: Int
    var initializationNumber: Int
    /// Of the period, oldest first; the last one may be open.
    var segments: [LiveSegment]

    /// Nil where a track has nothing to tell in a period.
    init?(_ rendition: LiveRendition, in period: LiveDASHPeriod, isListed: Bool) {
        segments = rendition.segments.filter { period.contains($0) }
        if isListed {
            while segments.last?.isComplete == false { segments.removeLast() }
        }
        guard let first = segments.first else { return nil }
        initializationNumber = first.start.initializationNumber
        let reference = rendition.initializations.first { [initializationNumber] reference in
            reference.token == first.token && reference.number == initializationNumber
        }
        liveTrack = reference?.track ?? rendition.track
        track = AssetTrack(liveTrack)
        let declared =
            liveTrack.declaredBitrate > 0
            ? liveTrack.declaredBitrate : liveTrack.id.kind == .video ? 2_000_000 : 128_000
        bandwidth = rendition.peakBitrate > 0 ? rendition.peakBitrate : declared
    }

    /// What one adaptation set holds: tracks between which a player may switch.
    struct SetKey: Hashable {
        var kind: AssetTrack.Kind
        var family: CodecFamily
        var language: String
        var label: String
        var range: VideoRange
        var channelCount: Int
    }

    var setKey: SetKey {
        SetKey(
            kind: track.kind,
            family: track.family,
            language: track.language,
            label: track.kind == .audio ? track.label : "",
            range: track.videoRange,
            channelCount: track.channelCount
        )
    }
}

extension AssetTrack {
    /// A live track as manifests describe tracks.
    fileprivate init(_ track: LiveTrack) {
        let isVideo = track.id.kind == .video
        self.init(
            name: track.id.name,
            label: track.label,
            kind: isVideo ? .video : .audio,
            fileIndex: 0,
            timescale: track.timescale,
            language: track.language,
            role: .main,
            sampleEntries: [track.sampleEntry],
            frameRateNumerator: isVideo && track.frameDuration != nil ? track.timescale : 0,
            frameRateDenominator: max(1, track.frameDuration ?? 1),
            hasClosedCaptions: track.hasCaptions ? true : nil
        )
    }
}
