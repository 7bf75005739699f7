import Packaging

/// The plan of one quality as a file: video and its audio in one.
enum ProgressivePlan {
    /// Makes the plan of the video at a place in the index's tracks.
    static func make(index: AssetIndex, video: Int) throws -> Plan {
        var positions = [video]
        // The audio that plays by default; of several languages a file has the first.
        let audio = index.tracks.firstIndex { $0.kind == .audio && $0.role == .main }
        if let audio = audio ?? index.tracks.firstIndex(where: { $0.kind == .audio }) {
            positions.append(audio)
        }
        let segments = positions.map { index.segments(ofTrack: $0) }
        return try Progressive.plan(
            tracks: positions.map { index.tracks[$0] },
            segmentCount: segments.map(\.count).max() ?? 0
        ) { track, segment in
            // Where a track ends early or starts late it has fewer segments than the other.
            guard segment < segments[track].count else { return nil }
            return try index.samples(
                ofTrack: positions[track],
                groups: segments[track][segment].groups
            )
        }
    }
}
