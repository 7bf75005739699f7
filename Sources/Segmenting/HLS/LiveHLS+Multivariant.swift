import Packaging

extension LiveHLS {
    /// The playlist where a player starts: every video with every encoding of the audio.
    ///
    /// Tracks are told as they are coded now. Rates are measured ones; before there are any, what
    /// the encoder says; before that a guess. It needs no `EXT-X-VERSION` (RFC 8216bis §8).
    ///
    /// - Parameters:
    ///   - presentation: Tracks without a segment are told as well.
    ///   - scope: Media playlists stand beside the multivariant one in both scopes, so the text is
    ///     the same.
    /// - Returns: the playlist's text.
    package static func multivariant(
        _ presentation: LivePresentation,
        scope: LiveAddress.Scope
    ) -> [UInt8] {
        let videos = presentation.renditions.filter { $0.track.id.kind == .video }
        let audio = presentation.renditions.filter { $0.track.id.kind == .audio }
        var groups = LiveAudioGroup.groups(of: audio)
        // Sound alone without a choice is a variant, and no rendition.
        if videos.isEmpty, groups.allSatisfy({ $0.members.count == 1 }) {
            for index in groups.indices { groups[index].id = nil }
        }
        var writer = TextWriter(capacity: 2048)
        writer.append("#EXTM3U\n")
        if presentation.hasIndependentSegments {
            writer.append("#EXT-X-INDEPENDENT-SEGMENTS\n")
        }
        for group in groups { write(group, scope: scope, to: &writer) }
        let captions = HLSClosedCaptions(videos.map(\.track.described))
        captions.writeMedia(to: &writer)
        let variants = variants(videos, groups, captions, scope)
        for variant in HLSMultivariantPlaylist.startingWithTheRightOne(variants) {
            variant.write(to: &writer)
        }
        return writer.bytes
    }

    private static func write(
        _ group: LiveAudioGroup,
        scope: LiveAddress.Scope,
        to writer: inout TextWriter
    ) {
        guard let groupID = group.id else { return }
        for member in group.members {
            let track = member.rendition.track
            HLSMediaTag(
                kind: .audio,
                groupID: groupID,
                name: member.name,
                language: track.language,
                role: .main,
                isDefault: member.isDefault,
                channels: track.described.hlsChannels,
                uri: playlist(track, scope)
            ).write(to: &writer)
        }
    }

    /// Every video with every audio group; without video one variant for each group.
    private static func variants(
        _ videos: [LiveRendition],
        _ groups: [LiveAudioGroup],
        _ captions: HLSClosedCaptions,
        _ scope: LiveAddress.Scope
    ) -> [HLSVariantTag] {
        let videos: [LiveRendition?] = videos.isEmpty ? [nil] : videos
        let choices: [LiveAudioGroup?] = groups.isEmpty ? [nil] : groups
        return choices.flatMap { group in
            videos.compactMap { video -> HLSVariantTag? in
                let audio = group?.members.map(\.rendition) ?? []
                guard let first = video ?? audio.first else { return nil }
                var codecs: [String] = []
                for rendition in (video.map { [$0] } ?? []) + audio {
                    let codec = rendition.track.sampleEntry.codecString
                    if !codecs.contains(codec) { codecs.append(codec) }
                }
                let described = video?.track.described
                return HLSVariantTag(
                    bandwidth: (video?.bandwidth ?? .none)
                        + HLSBandwidth.largest(audio.map(\.bandwidth)),
                    codecs: codecs,
                    video: described,
                    closedCaptions: described.flatMap { captions.attribute(of: $0) },
                    audioGroupID: group?.id,
                    uri: playlist(first.track, scope)
                )
            }
        }
    }

    private static func playlist(_ track: LiveTrack, _ scope: LiveAddress.Scope) -> String {
        LiveAddress.Resource.mediaPlaylist(scope, track.id).relative(to: scope)
    }
}

extension LiveTrack {
    /// The track as tags of multivariant playlists read it.
    ///
    /// Captions that were not seen may still come, so they are never ruled out.
    fileprivate var described: AssetTrack {
        AssetTrack(
            name: id.name,
            label: label,
            kind: id.kind == .video ? .video : .audio,
            fileIndex: 0,
            timescale: timescale,
            language: language,
            role: .main,
            sampleEntries: [sampleEntry],
            frameRateNumerator: frameDuration == nil ? 0 : timescale,
            frameRateDenominator: max(frameDuration ?? 1, 1),
            hasClosedCaptions: hasCaptions ? true : nil
        )
    }
}

extension LiveRendition {
    /// What `BANDWIDTH` says before anything was measured or declared, bits a second.
    private static let unknownVideoBitrate = 5_000_000
    private static let unknownAudioBitrate = 160_000

    fileprivate var bandwidth: HLSBandwidth {
        if averageBitrate > 0 || peakBitrate > 0 {
            let peak = max(peakBitrate, averageBitrate)
            return HLSBandwidth(peak: peak, average: averageBitrate > 0 ? averageBitrate : peak)
        }
        let guess = track.id.kind == .video ? Self.unknownVideoBitrate : Self.unknownAudioBitrate
        let rate = track.declaredBitrate > 0 ? track.declaredBitrate : guess
        return HLSBandwidth(peak: rate, average: rate)
    }
}
