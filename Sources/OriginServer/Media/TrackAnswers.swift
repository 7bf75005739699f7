import MediaHTTP
import Packaging

/// What a video or audio track answers: playlists, headers and segments.
struct TrackAnswers {
    let answers: AssetAnswers
    let track: Int

    private var index: AssetIndex { answers.asset.index }
    private var description: AssetTrack { index.tracks[track] }

    func answer(_ item: MediaAddress.Item, query: String?) throws -> MediaResponse {
        switch item {
        case .mediaPlaylist(let format):
            return try mediaPlaylist(format, query: query)
        case .iFramePlaylist:
            return try iFramePlaylist(query: query)
        case .initSegment(let descriptionIndex):
            let plan = try CMAF.initSegment(
                track: description,
                descriptionIndex: descriptionIndex
            )
            return answers.media(.initSegment, type: mediaType, plan)
        case .segment(let reference):
            let (groups, number) = try index.groups(reference, ofTrack: track)
            let plan = CMAF.mediaSegment(
                track: description,
                samples: try index.samples(ofTrack: track, groups: groups),
                sequenceNumber: UInt32(truncatingIfNeeded: number)
            )
            return answers.media(segmentKind, type: mediaType, plan)
        case .iFrame(let group):
            return try iFrame(group)
        case .transportStreamSegment(let reference):
            return try transportStreamSegment(reference)
        case .subtitleSegment, .subtitles:
            throw PackagingError.notFound
        }
    }

    private var mediaType: String {
        description.kind == .video ? "video/mp4" : "audio/mp4"
    }

    private var segmentKind: MediaHTTP.MediaKind {
        description.kind == .video ? .videoSegment : .audioSegment
    }

    private func mediaPlaylist(
        _ format: MediaAddress.HLSFormat,
        query: String?
    ) throws -> MediaResponse {
        if format == .transportStream, !isInTransportStream { throw PackagingError.notFound }
        return try answers.mediaPlaylist(query: query) {
            .mediaPlaylist(format, track: track, $0)
        } make: { groups in
            HLSMediaPlaylist(
                content: format == .cmaf ? .cmaf : .transportStream,
                segments: index.segments(ofTrack: track, clip: groups),
                timescale: description.timescale,
                longestSegment: answers.longestSegment(groups)
            ).bytes
        }
    }

    private func iFramePlaylist(query: String?) throws -> MediaResponse {
        guard description.kind == .video else { throw PackagingError.notFound }
        return try answers.mediaPlaylist(query: query) {
            .iFramePlaylist(track: track, $0)
        } make: { groups in
            HLSIFramePlaylist(
                frames: index.keyFrames(ofTrack: track, clip: groups),
                timescale: description.timescale
            ).bytes
        }
    }

    private func iFrame(_ group: Int) throws -> MediaResponse {
        guard description.kind == .video, group < index.groupCount,
            let frame = index.keyFrames(ofTrack: track, clip: group..<group + 1).first
        else {
            throw PackagingError.notFound
        }
        let plan = try CMAF.iFrame(
            track: description,
            samples: try index.samples(ofTrack: track, groups: group..<group + 1),
            duration: frame.duration,
            sequenceNumber: UInt32(truncatingIfNeeded: group + 1)
        )
        return answers.media(.videoSegment, type: mediaType, plan)
    }

    private var isInTransportStream: Bool {
        description.sampleEntries.allSatisfy {
            TransportStream.canCarry($0, configuration: answers.packaging)
        }
    }

    /// A video's segments carry the default audio, so that old devices need no second playlist.
    private func transportStreamSegment(
        _ reference: MediaAddress.SegmentReference
    ) throws -> MediaResponse {
        guard isInTransportStream else { throw PackagingError.notFound }
        let (groups, number) = try index.groups(reference, ofTrack: track)
        let own = (description, try index.samples(ofTrack: track, groups: groups))
        var audio: (AssetTrack, SegmentSamples)?
        if description.kind == .video,
            let muxed = TransportStream.defaultAudio(
                of: index.tracks,
                configuration: answers.packaging
            ), let position = index.trackIndex(named: muxed.name)
        {
            // Without samples here, the audio still stands in the program's table.
            let samples =
                index.hasSamples(ofTrack: position, groups: groups)
                ? try index.samples(ofTrack: position, groups: groups)
                : SegmentSamples(
                    baseMediaDecodeTime: 0,
                    sizesBytes: [],
                    durations: [],
                    ranges: []
                )
            audio = (muxed, samples)
        }
        let plan = try TransportStream.segment(
            video: description.kind == .video ? own : nil,
            audio: description.kind == .video ? audio : own,
            segmentNumber: number
        )
        return answers.media(.transportStreamSegment, type: "video/mp2t", plan)
    }
}
