import ISOBMFF

extension AssetIndex {
    /// Builds the index of an asset from the headers of its files.
    ///
    /// - Throws: `PackagingError.nothingToPackage` and `.limitExceeded`; `ISOBMFFError.outOfFile`
    ///   where a sample lies outside its file.
    package static func build(
        from source: AssetSource,
        configuration: PackagingConfiguration
    ) throws -> AssetIndex {
        guard source.files.count <= IndexLimits.files else {
            throw PackagingError.limitExceeded("\(IndexLimits.files) files")
        }
        for file in source.files where file.sizeBytes > IndexLimits.fileSizeBytes {
            throw PackagingError.limitExceeded("file size")
        }
        var selection = try TrackSelection(source.files)
        guard !selection.video.isEmpty || !selection.audio.isEmpty else {
            throw PackagingError.nothingToPackage
        }
        let samples = (selection.video + selection.audio).reduce(0) { $0 + $1.timed.range.count }
        guard samples <= IndexLimits.samples else {
            throw PackagingError.limitExceeded("\(IndexLimits.samples) samples")
        }
        let origin = selection.place()
        let groups = try selection.cut(target: configuration.targetSegmentDuration)
        guard groups.count <= IndexLimits.groups else {
            throw PackagingError.limitExceeded("\(IndexLimits.groups) frame groups")
        }
        selection.nameTracks()
        let subtitles = SubtitleSelection(source.subtitles, source.texts, origin: origin)
        selection.omissions += subtitles.omissions
        return try AssetIndex(
            version: AssetVersion(of: source, configuration: configuration),
            source: source,
            selection: selection,
            subtitles: subtitles.tracks,
            groups: groups,
            segmentFirsts: SegmentList.firstGroups(
                groups,
                target: configuration.targetSegmentDuration
            )
        )
    }

    private init(
        version: AssetVersion,
        source: AssetSource,
        selection: TrackSelection,
        subtitles: [SubtitleTrack],
        groups: FrameGroups,
        segmentFirsts: [UInt32]
    ) throws {
        var writer = BitWriter()
        // Three bytes a sample are usual.
        writer.reserveCapacity(
            sizeBytes: selection.all.reduce(0) { $0 + $1.timed.range.count * 3 }
        )
        var packedTracks: [PackedTrack] = []
        for (index, choice) in selection.all.enumerated() {
            var encoder = BlockEncoder(choice.timed, fileSizeBytes: choice.file.sizeBytes)
            packedTracks.append(try encoder.encode(index: index, groups: groups, into: &writer))
        }
        self.version = version
        self.files = source.files.map { IndexedFile(name: $0.name, sizeBytes: $0.sizeBytes) }
        self.tracks = selection.all.map { choice in
            var track = AssetTrack(choice)
            track.isWholeFile = selection.isWholeFile(choice)
            return track
        }
        self.subtitles = subtitles
        self.omissions = selection.omissions
        self.duration =
            selection.all
            .map { MediaTime($0.timed.end, timescale: $0.track.timescale) }
            .reduce(.zero, max)
        self.timelineTimescale = groups.timescale
        self.groupStarts = groups.starts
        self.segmentFirsts = segmentFirsts
        self.discontinuities = segmentFirsts.indices.dropLast()
            .filter { groups.discontinuities.contains(Int(segmentFirsts[$0])) }
            .map(UInt32.init)
        self.packedTracks = packedTracks
        self.packedBytes = writer.bytes(padding: PackedBlock.padding)
    }
}

extension TrackSelection {
    var all: [Choice] { video + audio }

    /// Puts all tracks on one timeline that starts where the first of them does.
    ///
    /// - Returns: where that is on the files' own timeline.
    mutating func place() -> MediaTime {
        let starts = all.map { MediaTime($0.timed.start, timescale: $0.track.timescale) }
        let origin = starts.min() ?? .zero
        func place(_ choice: inout Choice) {
            choice.timed.place(rebasedBy: origin.rounded(toTimescale: choice.track.timescale))
        }
        for index in video.indices { place(&video[index]) }
        for index in audio.indices { place(&audio[index]) }
        return origin
    }

    /// Cuts the tracks into groups; drops renditions whose key frames do not fit the others', and
    /// audio that changes its description where no group can start.
    mutating func cut(target: MediaTime) throws -> FrameGroups {
        while true {
            let groups = video.isEmpty ? FrameGroups(audio: audio.map(\.timed)) : cutVideo(target)
            guard let index = groups.unplaceable.first else { return groups }
            let dropped = audio.remove(at: index - video.count)
            omit(dropped.file, "the sample descriptions of an audio track change too often")
            guard !video.isEmpty || !audio.isEmpty else { throw PackagingError.nothingToPackage }
        }
    }

    private mutating func cutVideo(_ target: MediaTime) -> FrameGroups {
        var alignment = RenditionAlignment(video.map { RenditionAlignment.KeyFrames($0.timed) })
        let longest = target.rounded(toTimescale: RenditionAlignment.timescale)
        let set = alignment.largestAlignedSet(
            longest: longest.multipliedReportingOverflow(by: 2).partialValue
        )
        let members = video.indices.filter { set & 1 << UInt16($0) != 0 }
        for index in video.indices where !members.contains(index) {
            omit(
                video[index].file,
                "its key frames do not fall together with the other renditions'"
            )
        }
        video = members.map { video[$0] }
        return FrameGroups(
            video: video.map(\.timed),
            alignment: alignment,
            members: members,
            audio: audio.map(\.timed),
            target: target
        )
    }

    /// Names the tracks that are left, so that each name and label is there once.
    mutating func nameTracks() {
        var names = TrackNames()
        var labels = TrackNames()
        for index in video.indices {
            video[index].label = labels.unique(TrackNames.rendition(video[index]))
            video[index].name = names.unique("video-\(video[index].label)")
        }
        labels = TrackNames()
        for index in audio.indices {
            let choice = audio[index]
            audio[index].name = names.unique(TrackNames.audio(choice))
            audio[index].label = labels.unique(
                TrackNames.label(language: choice.language, role: choice.role)
            )
        }
    }
}

extension AssetTrack {
    fileprivate init(_ choice: TrackSelection.Choice) {
        let (track, timed) = (choice.track, choice.timed)
        let rate = FrameRate(timed)
        let video = track.sampleEntries[0].video
        self.init(
            name: choice.name,
            label: choice.label,
            kind: track.kind == .video ? .video : .audio,
            fileIndex: choice.fileIndex,
            timescale: track.timescale,
            language: choice.language,
            role: choice.role,
            sampleEntries: track.sampleEntries,
            rotationDegrees: track.rotationDegrees,
            matrix: track.matrix,
            displayWidth: track.displayWidth > 0 ? track.displayWidth : video?.width ?? 0,
            displayHeight: track.displayHeight > 0 ? track.displayHeight : video?.height ?? 0,
            editMediaTime: timed.editMediaTime,
            frameRateNumerator: track.kind == .video ? rate.numerator : 0,
            frameRateDenominator: track.kind == .video ? rate.denominator : 1,
            isReordered: timed.isReordered,
            hasClosedCaptions: choice.file.hasCaptions[track.id]
        )
    }
}
