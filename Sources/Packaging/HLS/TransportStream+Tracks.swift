extension TransportStream {
    /// Whether all sample entries of a track can stand in a transport stream.
    package static func canCarry(
        _ track: AssetTrack,
        configuration: PackagingConfiguration
    ) -> Bool {
        !track.sampleEntries.isEmpty
            && track.sampleEntries.allSatisfy { canCarry($0, configuration: configuration) }
    }

    /// The audio that every video segment holds: the first main one, AAC if there is one; where
    /// none is main, the first.
    package static func defaultAudio(
        of tracks: [AssetTrack],
        configuration: PackagingConfiguration
    ) -> AssetTrack? {
        let audio = tracks.filter { track in
            track.kind == .audio && canCarry(track, configuration: configuration)
        }
        let main = audio.filter { $0.role == .main }
        return main.first { $0.family == .aac } ?? main.first ?? audio.first
    }
}
