import TestSupport
import Testing

/// Live as operators run it, with everything going wrong that its users complain of elsewhere: real
/// origins, real encoders, what must hold is in the tests' names.
///
/// The complaints that issue trackers of other live servers are full of, and what holds them here:
///
/// | complaint | held by |
/// |---|---|
/// | players are strict: parts over the target, targets that change | `PlaylistWatch`, in all |
/// | frames out of order end the publish | `ShapeTests`, B-frames |
/// | an encoder that returns is refused for the sake of a dead one | `TakeoverTests` |
/// | the playlist is stuck or starts over after a reconnect | `LossTests`, `RestartTests` |
/// | timestamps jump, sound and picture start apart | `TimestampTests` |
/// | sound and picture drift apart over hours | `SegmentingTests`, with hours of samples |
/// | low latency falls behind | `FloodTests`: parts stay in time under load |
/// | memory grows | `MemoryTests`: twenty publishers; `LiveTests`, `PublisherMemoryTests` |
/// | timestamps of more than 24 bits | `TimestampTests`: four hours and 39 minutes |
/// | another resolution in the middle, key frames too far apart | `TimestampTests`, `ShapeTests` |
/// | Enhanced RTMP and several tracks are refused | `LiveTests`, `EnhancedRTMPTests` |
/// | a blip is the end of the stream | `LossTests` |
enum LiveFaults {}

extension LiveOrigin {
    /// Waits until a stream has so many whole segments.
    func hasSegments(
        _ count: Int,
        of stream: String = "cam",
        track: String = "v0",
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("\(count) segments of \(stream)", at: location) {
            try await playlist(track, of: stream)?.segments.count ?? 0 >= count
        }
    }

    /// Recordings that ffmpeg decodes from their first to their last frame without a complaint.
    ///
    /// - Parameter count: so many with a picture come to be there; nil: those that are.
    /// - Throws: where they do not come, and where ffmpeg cannot be run.
    func expectDecodes(_ count: Int? = nil) async throws {
        if let count {
            try await eventually("\(count) recordings") { try videos().count == count }
        }
        // This ffmpeg does not change its decoder where a file changes its sample entry.
        for path in try videos() + videos("m4a") where !path.contains("/changes") {
            let words = [
                "-v", "error", "-nostdin", "-i", path, "-vsync", "passthrough", "-enc_time_base",
                "-1", "-f", "null", "-",
            ]
            let output = try await Tool.run("ffmpeg", words)
            #expect(output.errorText.isEmpty, "\(path)")
        }
    }

    /// Looks at a playlist until something is so of it.
    func watch(
        _ watch: inout PlaylistWatch,
        of stream: String = "cam",
        until what: Comment,
        at location: SourceLocation = #_sourceLocation,
        _ isMet: (LivePlaylist) -> Bool
    ) async throws {
        let start = ContinuousClock.now
        while true {
            if let playlist = try await playlist(of: stream) {
                watch.take(playlist)
                if isMet(playlist) { return }
            }
            try #require(
                ContinuousClock.now - start < .seconds(30),
                what,
                sourceLocation: location
            )
            try await pass(.milliseconds(50))
        }
    }
}
