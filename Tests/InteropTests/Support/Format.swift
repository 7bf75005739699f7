/// A way a video is offered.
enum Format: CaseIterable, Sendable {
    case hls
    case transportStream
    case dash

    func path(of video: String) -> String {
        switch self {
        case .hls: "/videos/\(video)/hls/master.m3u8"
        case .transportStream: "/videos/\(video)/hls-ts/master.m3u8"
        case .dash: "/videos/\(video)/dash/manifest.mpd"
        }
    }
}
