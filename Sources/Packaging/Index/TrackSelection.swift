import ISOBMFF

/// Which tracks of an asset's files are packaged, in what order, and under what names.
struct TrackSelection {
    /// A track that is packaged.
    struct Choice {
        var fileIndex: Int
        var file: SourceFile
        var timed: TimedTrack
        var name = ""
        var label = ""
        var language: String
        var role: TrackRole
        var sizeBytes: UInt64

        var track: Track { timed.source }
        var codec: Codec { track.sampleEntries[0].codec }
    }

    /// Best first: more pixels, then a higher bit rate.
    var video: [Choice] = []
    /// `main` first, then by language in the order of first appearance.
    var audio: [Choice] = []
    var omissions: [AssetIndex.Omission] = []

    init(_ files: [SourceFile]) throws {
        for (index, file) in files.enumerated() {
            if file.audioLanguage == nil { try chooseVideo(file, index) }
            for track in file.movie.tracks where track.kind == .audio {
                try chooseAudio(track, file, index)
            }
            for track in file.movie.tracks where track.kind == .text && !EmbeddedText.reads(track) {
                omit(file, "the text format of track \(track.id) is not packaged")
            }
        }
        orderVideo()
        dropDuplicateAudio()
        orderAudio()
    }

    mutating func omit(_ file: SourceFile, _ reason: String) {
        omissions.append(AssetIndex.Omission(file: file.name, reason: reason))
    }

    private mutating func chooseVideo(_ file: SourceFile, _ index: Int) throws {
        let tracks = file.movie.tracks.filter { $0.kind == .video }
        let usable = tracks.filter { packagingFault($0) == nil }
        guard let track = usable.first(where: \.isEnabled) ?? usable.first else {
            for track in tracks { omit(file, packagingFault(track) ?? "") }
            return
        }
        if tracks.count > 1 {
            omit(file, "only the first of \(tracks.count) video tracks is packaged")
        }
        guard let choice = try choice(track, file, index) else { return }
        video.append(choice)
    }

    private mutating func chooseAudio(_ track: Track, _ file: SourceFile, _ index: Int) throws {
        if let fault = packagingFault(track) { return omit(file, fault) }
        guard let choice = try choice(track, file, index) else { return }
        audio.append(choice)
    }

    private mutating func choice(_ track: Track, _ file: SourceFile, _ index: Int) throws -> Choice?
    {
        let timed = try TimedTrack(track)
        guard !timed.range.isEmpty else {
            omit(file, "the edit list of track \(track.id) presents no sample")
            return nil
        }
        let language = file.audioLanguage ?? track.language
        return Choice(
            fileIndex: index,
            file: file,
            timed: timed,
            language: LanguageTag.shortest(of: language),
            role: file.role,
            sizeBytes: track.samples.sizesBytes.reduce(into: 0) { $0 += UInt64($1) }
        )
    }

    /// Why a track cannot be packaged, or nil.
    private func packagingFault(_ track: Track) -> String? {
        guard let entry = track.sampleEntries.first, track.samples.count > 0 else {
            return "track \(track.id) has no samples"
        }
        guard track.samples.isConsistent(entryCount: track.sampleEntries.count) else {
            return "the sample table of track \(track.id) contradicts itself"
        }
        for entry in track.sampleEntries {
            if case .other(let code) = entry.codec { return "the codec \(code) is not packaged" }
        }
        let kinds = Set(track.sampleEntries.map(\.codec.family))
        guard kinds.count == 1 || track.kind == .video, entry.codec.family.kind == track.kind else {
            return "track \(track.id) mixes codecs"
        }
        return nil
    }
}

extension TrackSelection {
    private mutating func orderVideo() {
        func pixels(_ choice: Choice) -> Int {
            let video = choice.track.sampleEntries[0].video
            return (video?.width ?? 0) * (video?.height ?? 0)
        }
        func isBetter(_ left: Choice, _ right: Choice) -> Bool {
            let (a, b) = (pixels(left), pixels(right))
            return a == b ? left.bitrate > right.bitrate : a > b
        }
        video = video.enumerated().sorted {
            isBetter($0.element, $1.element)
                || (!isBetter($1.element, $0.element) && $0.offset < $1.offset)
        }.map(\.element)
        for choice in video.dropFirst(IndexLimits.renditions) {
            omit(choice.file, "more than \(IndexLimits.renditions) video renditions")
        }
        video = Array(video.prefix(IndexLimits.renditions))
    }

    /// Keeps one of audio tracks that are the same, and the highest bit rate of those that only
    /// differ in it.
    private mutating func dropDuplicateAudio() {
        var kept: [Choice] = []
        for choice in audio {
            if kept.contains(where: { $0.isSameMedia(as: choice) }) { continue }
            guard let rival = kept.firstIndex(where: { $0.isAlternative(to: choice) }) else {
                kept.append(choice)
                continue
            }
            let isBetter = choice.bitrate > kept[rival].bitrate
            let dropped = isBetter ? kept[rival] : choice
            if isBetter { kept[rival] = choice }
            omit(
                dropped.file,
                "its audio (\(dropped.language)) is kept in another file at a higher bit rate"
            )
        }
        audio = kept
    }

    private mutating func orderAudio() {
        var languages: [String] = []
        for choice in audio where !languages.contains(choice.language) {
            languages.append(choice.language)
        }
        func rank(_ choice: Choice) -> (Int, Int) {
            (
                choice.role == .main ? 0 : 1,
                languages.firstIndex(of: choice.language) ?? languages.count
            )
        }
        audio = audio.enumerated().sorted {
            let (left, right) = (rank($0.element), rank($1.element))
            return left == right ? $0.offset < $1.offset : left < right
        }.map(\.element)
        for choice in audio.dropFirst(IndexLimits.audioTracks) {
            omit(choice.file, "more than \(IndexLimits.audioTracks) audio tracks")
        }
        audio = Array(audio.prefix(IndexLimits.audioTracks))
    }
}

extension TrackSelection.Choice {
    /// Media bits a second, for comparison.
    fileprivate var bitrate: Double {
        let ticks = track.samples.durations.reduce(into: 0.0) { $0 += Double($1) }
        return ticks > 0 ? Double(sizeBytes) * 8 * Double(track.timescale) / ticks : 0
    }

    /// Whether another file has this very audio beside its own video.
    fileprivate func isSameMedia(as other: Self) -> Bool {
        language == other.language && role == other.role && track.isSameMedia(as: other.track)
    }

    /// Whether a player would choose between both by bit rate alone.
    fileprivate func isAlternative(to other: Self) -> Bool {
        language == other.language && role == other.role && codec.family == other.codec.family
            && track.sampleEntries[0].audio?.channelCount
                == other.track.sampleEntries[0].audio?.channelCount
    }
}

extension Track {
    /// Whether both have the same samples as far as their tables tell.
    func isSameMedia(as other: Track) -> Bool {
        timescale == other.timescale && edit == other.edit && sampleEntries == other.sampleEntries
            && samples.firstDecodeTime == other.samples.firstDecodeTime
            && samples.sizesBytes == other.samples.sizesBytes
            && samples.durations == other.samples.durations
    }
}

extension CodecFamily {
    /// What tracks of the family are; nil where packaging does not take them.
    fileprivate var kind: Track.Kind? {
        switch self {
        case .avc, .hevc, .av1, .vp9: .video
        case .aac, .mp3, .opus, .flac, .ac3, .eac3: .audio
        case .other: nil
        }
    }
}
