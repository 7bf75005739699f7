import Testing

/// A fixture and what is known of it.
struct PlaybackCase: Sendable, CustomTestStringConvertible {
    var fixture: String
    var hasVideo = true
    var hasAudio = true
    /// HLS with MPEG-TS carries H.264 with AAC, AC-3 or MP3.
    var fitsTransportStream = true
    var soundFrame = 1024
    /// See `Comparison.lead`.
    var lead = 0

    var testDescription: String { fixture }

    static let all: [PlaybackCase] =
        [
            "basic", "bframes", "bframes1", "bframes3", "negctts", "opengop", "ntsc", "vfr",
            "gop332", "allintra", "audiolate", "rotated", "moovend", "fragmented",
            "fragmented-base-offset", "fragmented-sidx", "fragmented-editlist", "hours5", "over4g",
        ].map { PlaybackCase(fixture: $0) } + [
            // 1.3 s of the media are hidden, of which 32 frames are needed to decode the rest.
            PlaybackCase(fixture: "editlist", lead: 33),
            PlaybackCase(fixture: "noaudio", hasAudio: false),
            PlaybackCase(fixture: "audioonly", hasVideo: false),
            // The file says SBR and has none; ADTS cannot say it, so TS sounds at half the rate.
            PlaybackCase(fixture: "heaac", fitsTransportStream: false, soundFrame: 2048),
            PlaybackCase(fixture: "mp3", soundFrame: 1152),
            PlaybackCase(fixture: "ac3", soundFrame: 1536),
            PlaybackCase(fixture: "eac3", fitsTransportStream: false, soundFrame: 1536),
            PlaybackCase(fixture: "opus", fitsTransportStream: false, soundFrame: 960),
            PlaybackCase(fixture: "flac", fitsTransportStream: false, soundFrame: 4608),
        ]
        + ["hevc", "hevc-hev1", "hdr-pq", "hdr-hlg", "dolby-vision", "vp9", "av1"].map {
            PlaybackCase(fixture: $0, fitsTransportStream: false)
        }
}
