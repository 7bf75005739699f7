import ISOBMFF

/// The multivariant playlist: where a player starts, and finds all else.
///
/// It needs no `EXT-X-VERSION`: none of its tags asks for more than version 1 (RFC 8216bis §8).
/// All boundaries are key frames of a closed group, so every segment is independent, which is said
/// here for all media playlists.
///
/// A player that knows no bandwidth starts with the first variant: that is the best one that a
/// slow connection carries (`startBandwidth`), the others follow in the asset's order, best first.
///
/// RFC 8216bis §4.4.6
package struct HLSMultivariantPlaylist: Sendable {
    package var version: AssetVersion
    package var format: MediaAddress.HLSFormat
    package var tracks: [ManifestTrack]
    package var subtitles: [SubtitleTrack]
    /// Set where the playlist is a part of the video: media playlists are asked for the same.
    package var clip: ClipRange?
    /// Says what MPEG-TS may hold.
    package var configuration: PackagingConfiguration
    /// Key frames by name of their video track; without them their rate is not known, and the
    /// whole video's stands for it.
    package var iFrames: [String: [IFrameEntry]]

    package init(
        version: AssetVersion,
        format: MediaAddress.HLSFormat,
        tracks: [ManifestTrack],
        subtitles: [SubtitleTrack] = [],
        clip: ClipRange? = nil,
        configuration: PackagingConfiguration = PackagingConfiguration(),
        iFrames: [String: [IFrameEntry]] = [:]
    ) {
        self.version = version
        self.format = format
        self.tracks = tracks
        self.subtitles = subtitles
        self.clip = clip
        self.configuration = configuration
        self.iFrames = iFrames
    }

    /// What most connections carry, bits a second.
    package static let startBandwidth = 2_500_000

    /// The playlist's text.
    ///
    /// - Throws: `PackagingError.notFound` where the format can hold no video of an asset that has
    ///   some, or nothing of the asset at all.
    package func bytes() throws(PackagingError) -> [UInt8] {
        let usable = tracks.filter(isUsable)
        let videos = usable.filter { $0.track.kind == .video }
        guard !usable.isEmpty, videos.isEmpty == tracks.allSatisfy({ $0.track.kind != .video })
        else {
            throw .notFound
        }
        let longest = ManifestTrack.longestSegment(of: usable)
        let targetDuration = HLSPlaylistText.targetDuration(longest, version: mediaVersion)
        var bandwidths: [String: HLSBandwidth] = [:]
        for track in usable {
            bandwidths[track.track.name] = HLSBandwidth(
                track,
                targetDuration: targetDuration,
                format: format
            )
        }
        var groups = audioGroups(of: usable.filter { $0.track.kind == .audio })
        // Sound alone without a choice is a variant, and no rendition.
        if videos.isEmpty, groups.allSatisfy({ $0.renditions.count == 1 }) {
            for index in groups.indices { groups[index].id = nil }
        }
        var writer = TextWriter(capacity: 4096)
        writer.append("#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n")
        writeAudio(groups, to: &writer)
        writeSubtitles(to: &writer)
        let captions = HLSClosedCaptions(videos.map(\.track))
        captions.writeMedia(to: &writer)
        let variants = variants(
            videos: videos,
            groups: groups,
            bandwidths: bandwidths,
            captions: captions
        )
        for variant in Self.startingWithTheRightOne(variants) { variant.write(to: &writer) }
        if format == .cmaf {
            for video in videos { writeIFrames(video, bandwidths, to: &writer) }
        }
        return writer.bytes
    }
}

extension HLSMultivariantPlaylist {
    private var mediaVersion: Int { format == .cmaf ? 6 : 3 }

    private func isUsable(_ track: ManifestTrack) -> Bool {
        format == .cmaf || TransportStream.canCarry(track.track, configuration: configuration)
    }

    /// The audio track that is in the video's own segments.
    private var muxedAudio: String? {
        guard format == .transportStream, tracks.contains(where: { $0.track.kind == .video })
        else {
            return nil
        }
        return TransportStream.defaultAudio(of: tracks.map(\.track), configuration: configuration)?
            .name
    }

    /// In MPEG-TS one encoding only, as the default audio is in the video's segments; what does not
    /// come in its codec is left out, or old devices would skip the variant for its CODECS.
    private func audioGroups(of audio: [ManifestTrack]) -> [HLSAudioGroup] {
        guard let muxed = audio.first(where: { $0.track.name == muxedAudio }) else {
            return HLSAudioGroup.groups(of: audio)
        }
        let sameFamily = audio.filter { $0.track.family == muxed.track.family }
        return HLSAudioGroup.groups(of: sameFamily).filter { group in
            group.renditions.contains { $0.track.track.name == muxedAudio }
        }.prefix(1).map { $0 }
    }

    private func address(_ track: String, _ item: MediaAddress.Item) -> String {
        MediaAddress.relative(version: version, track: track, item) + (clip?.query ?? "")
    }

    private func writeAudio(_ groups: [HLSAudioGroup], to writer: inout TextWriter) {
        for group in groups {
            guard let groupID = group.id else { continue }
            for rendition in group.renditions {
                let track = rendition.track.track
                HLSMediaTag(
                    kind: .audio,
                    groupID: groupID,
                    name: rendition.name,
                    language: track.language,
                    role: track.role,
                    isDefault: rendition.isDefault,
                    channels: track.hlsChannels,
                    uri: track.name == muxedAudio
                        ? nil : address(track.name, .mediaPlaylist(format))
                ).write(to: &writer)
            }
        }
    }

    private func writeSubtitles(to writer: inout TextWriter) {
        var names = HLSNames()
        for track in subtitles {
            HLSMediaTag(
                kind: .subtitles,
                groupID: Self.subtitleGroupID,
                name: names.name(
                    label: track.label,
                    language: track.language,
                    role: track.role
                ),
                language: track.language,
                role: track.role,
                isDefault: false,
                uri: address(track.name, .mediaPlaylist(format))
            ).write(to: &writer)
        }
    }

    private static let subtitleGroupID = "subtitles"

    /// Every video with every audio group; without video one variant for each audio group.
    private func variants(
        videos: [ManifestTrack],
        groups: [HLSAudioGroup],
        bandwidths: [String: HLSBandwidth],
        captions: HLSClosedCaptions
    ) -> [HLSVariantTag] {
        let videos: [ManifestTrack?] = videos.isEmpty ? [nil] : videos
        let choices: [HLSAudioGroup?] = groups.isEmpty ? [nil] : groups
        return choices.flatMap { group in
            videos.map { video in
                let audio = group?.renditions.map(\.track.track) ?? []
                let videoBandwidth = video.flatMap { bandwidths[$0.track.name] } ?? .none
                let audioBandwidth = HLSBandwidth.largest(audio.compactMap { bandwidths[$0.name] })
                let tracks = (video.map { [$0.track] } ?? []) + audio
                let first = video?.track ?? audio.first
                return HLSVariantTag(
                    bandwidth: videoBandwidth + audioBandwidth,
                    codecs: tracks.flatMap { $0.codecStrings(format: format) }.unique,
                    video: video?.track,
                    closedCaptions: video.flatMap { captions.attribute(of: $0.track) },
                    audioGroupID: group?.id,
                    subtitleGroupID: subtitles.isEmpty ? nil : Self.subtitleGroupID,
                    uri: address(first?.name ?? "", .mediaPlaylist(format))
                )
            }
        }
    }

    /// Moves the variant to the front that a player should begin with.
    package static func startingWithTheRightOne(
        _ variants: [HLSVariantTag]
    ) -> [HLSVariantTag] {
        let first = variants.prefix { $0.audioGroupID == variants.first?.audioGroupID }
        let start =
            first.filter { $0.bandwidth.peak <= startBandwidth }
            .max { $0.bandwidth.peak < $1.bandwidth.peak }
            ?? first.min { $0.bandwidth.peak < $1.bandwidth.peak }
        guard let start, let index = first.firstIndex(where: { $0.uri == start.uri }) else {
            return variants
        }
        var variants = variants
        variants.insert(variants.remove(at: index), at: 0)
        return variants
    }

    private func writeIFrames(
        _ video: ManifestTrack,
        _ bandwidths: [String: HLSBandwidth],
        to writer: inout TextWriter
    ) {
        let frames = iFrames[video.track.name] ?? []
        let known = HLSBandwidth(frames, of: video.track)
        HLSVariantTag(
            bandwidth: frames.isEmpty ? bandwidths[video.track.name] ?? .none : known,
            codecs: video.track.codecStrings(format: format),
            video: video.track,
            uri: address(video.track.name, .iFramePlaylist)
        ).writeIFrames(to: &writer)
    }
}
