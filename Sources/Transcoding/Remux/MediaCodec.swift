/// The codecs that can be packaged, by libavcodec's names, and every codec's name for people.
enum MediaCodec {
    static let video: Set<String> = ["h264", "hevc", "av1", "vp9"]
    static let audio: Set<String> = ["aac", "mp3", "ac3", "eac3", "opus", "flac"]
    /// Text subtitles that can be written as WebVTT.
    static let subtitles: Set<String> = ["subrip", "text", "webvtt", "mov_text"]

    /// Decoders that probing may open: those of codecs that can be packaged, and no others.
    static let probeDecoders = [
        "h264", "hevc", "libdav1d", "av1", "vp9", "aac", "mp3float", "mp3", "ac3", "eac3", "opus",
        "libopus", "flac",
    ]

    /// A name that a person knows.
    static func name(_ codec: String) -> String {
        if codec.hasPrefix("pcm_") { return "PCM" }
        return names[codec] ?? codec.uppercased()
    }

    private static let names = [
        "h264": "H.264", "hevc": "HEVC", "av1": "AV1", "vp9": "VP9", "vp8": "VP8",
        "mpeg1video": "MPEG-1", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4 Visual",
        "msmpeg4v3": "MS-MPEG-4", "theora": "Theora", "prores": "ProRes", "dnxhd": "DNxHD",
        "mjpeg": "Motion JPEG", "vc1": "VC-1", "wmv3": "WMV 9", "flv1": "Sorenson H.263",
        "aac": "AAC", "aac_latm": "AAC in LATM", "mp2": "MPEG audio layer II", "mp3": "MP3",
        "ac3": "AC-3", "eac3": "E-AC-3", "opus": "Opus", "flac": "FLAC", "vorbis": "Vorbis",
        "dts": "DTS", "truehd": "TrueHD", "wmav2": "WMA", "alac": "ALAC", "none": "unknown",
        "subrip": "SubRip", "webvtt": "WebVTT", "mov_text": "3GPP text", "ass": "ASS",
        "hdmv_pgs_subtitle": "PGS", "dvd_subtitle": "DVD", "dvb_subtitle": "DVB",
    ]
}
