/// `moov`: all of a movie's headers.
///
/// ISO/IEC 14496-12 §8.2.1, §8.8.1
package struct MovieBox: Hashable, Sendable {
    package var timescale: UInt32
    /// In `timescale`; 0 in a fragmented file.
    package var duration: UInt64
    package var tracks: [TrackBox]
    /// Whether samples come in fragments, which `mvex` announces.
    package var isFragmented: Bool

    package init(
        timescale: UInt32,
        duration: UInt64 = 0,
        tracks: [TrackBox],
        isFragmented: Bool
    ) {
        self.timescale = timescale
        self.duration = duration
        self.tracks = tracks
        self.isFragmented = isFragmented
    }

    package func write(to writer: inout BoxWriter) {
        let lastTrackID = tracks.map(\.header.trackID).max() ?? 0
        let header = MovieHeaderBox(
            timescale: timescale,
            duration: duration,
            nextTrackID: lastTrackID + 1
        )
        writer.box("moov") {
            header.write(to: &$0)
            for track in tracks {
                track.write(to: &$0)
            }
            if isFragmented {
                $0.box("mvex") {
                    for track in tracks {
                        TrackExtendsBox(trackID: track.header.trackID).write(to: &$0)
                    }
                }
            }
        }
    }
}
