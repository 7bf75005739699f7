import ISOBMFF

/// A static media presentation description of an asset or a clip of it.
///
/// One period for each stretch between discontinuities. All times are in the tracks' own
/// timescales; the presentation time offset of each period is the same instant in all of them.
///
/// ISO/IEC 23009-1 §5.3.1
package struct DASHManifest: Sendable {
    package var version: AssetVersion
    package var tracks: [ManifestTrack]
    package var subtitles: [SubtitleTrack]

    package init(
        version: AssetVersion,
        tracks: [ManifestTrack],
        subtitles: [SubtitleTrack] = []
    ) {
        self.version = version
        self.tracks = tracks
        self.subtitles = subtitles
    }

    /// The manifest's text.
    ///
    /// - Throws: `PackagingError.notFound` where no track has a segment.
    package func bytes() throws(PackagingError) -> [UInt8] {
        let periods = DASHPeriod.periods(of: tracks)
        guard let first = periods.first, let last = periods.last else { throw .notFound }
        let sets = periods.map { DASHAdaptationSet.sets(of: $0, version: version) }
        let longest = ManifestTrack.longestSegment(of: tracks)
        let segmentCount = tracks.first?.segments.count ?? 0
        var writer = TextWriter(capacity: 4096 + segmentCount * 24)
        writer.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD")
        writer.xml("xmlns", "urn:mpeg:dash:schema:mpd:2011")
        if tracks.contains(where: { !$0.track.supplementalCodecStrings.isEmpty }) {
            writer.xml("xmlns:scte214", "urn:scte:dash:scte214-extensions")
        }
        writer.xml("profiles", profile(of: sets))
        writer.xml("type", "static")
        writer.xml(
            "mediaPresentationDuration",
            microseconds: last.end.microseconds - first.start.microseconds
        )
        writer.xml("minBufferTime", microseconds: longest.microseconds)
        writer.append(">\n")
        let bandwidths = bandwidths(bufferSeconds: longest.seconds)
        let defaultAudio = defaultAudio
        for (index, (period, sets)) in zip(periods, sets).enumerated() {
            writer.append("<Period")
            writer.xml("id", index + 1)
            writer.xml(
                "start",
                microseconds: period.start.microseconds - first.start.microseconds
            )
            writer.append(">\n")
            for set in sets {
                set.write(bandwidths: bandwidths, defaultAudio: defaultAudio, to: &writer)
            }
            for track in subtitles {
                DASHSubtitles(track: track, period: period, version: version).write(to: &writer)
            }
            writer.append("</Period>\n")
        }
        writer.append("</MPD>\n")
        return writer.bytes
    }

    /// The live profile wants templates; with lists of segments the full one is true.
    ///
    /// ISO/IEC 23009-1 §8.2, §8.4
    private func profile(of sets: [[DASHAdaptationSet]]) -> String {
        sets.joined().allSatisfy(\.areNumbered)
            ? "urn:mpeg:dash:profile:isoff-live:2011" : "urn:mpeg:dash:profile:full:2011"
    }

    /// Of the language that plays unless the viewer chooses: the first main audio's.
    private var defaultAudio: AssetTrack? {
        let audio = tracks.map(\.track).filter { $0.kind == .audio }
        return audio.first { $0.role == .main } ?? audio.first
    }

    private func bandwidths(bufferSeconds: Double) -> [String: Int] {
        var bandwidths: [String: Int] = [:]
        for track in tracks {
            bandwidths[track.track.name] = DASHBandwidth.of(track, bufferSeconds: bufferSeconds)
        }
        return bandwidths
    }
}

extension MediaTime {
    /// Rounded to the nearest; durations in manifests are differences of these.
    package var microseconds: Int64 { rounded(toTimescale: 1_000_000) }
}
