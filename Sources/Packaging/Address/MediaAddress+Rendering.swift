extension MediaAddress.Item {
    /// The file name that `init(fileName:)` reads as this item.
    package var fileName: String {
        switch self {
        case .mediaPlaylist(.cmaf): "media.m3u8"
        case .mediaPlaylist(.transportStream): "media-ts.m3u8"
        case .iFramePlaylist: "iframes.m3u8"
        case .initSegment(let descriptionIndex): "init-\(descriptionIndex + 1).mp4"
        case .segment(let reference): reference.text + ".m4s"
        case .transportStreamSegment(let reference): reference.text + ".ts"
        case .iFrame(let group): "i\(group).m4s"
        case .subtitleSegment(let reference, .cmaf): reference.text + ".vtt"
        case .subtitleSegment(let reference, .transportStream): reference.text + "-ts.vtt"
        case .subtitles: "all.vtt"
        }
    }
}

extension MediaAddress {
    /// The path that `init(path:)` reads as this address.
    package var path: String {
        let name =
            switch resource {
            case .masterPlaylist(.cmaf): "hls/master.m3u8"
            case .masterPlaylist(.transportStream): "hls-ts/master.m3u8"
            case .dashManifest: "dash/manifest.mpd"
            case .progressive(let quality): "\(quality).mp4"
            case .versioned(let version, let track, let item):
                "\(version.text)/\(track)/\(item.fileName)"
            }
        return "/videos/\(videoID)/\(name)"
    }

    /// A track's item as an entry point names it: `../{version}/{track}/{item}`.
    ///
    /// All entry points stand one folder below the video, so this is right for each of them.
    package static func relative(
        version: AssetVersion,
        track: String,
        _ item: Item
    ) -> String {
        "../\(version.text)/\(track)/\(item.fileName)"
    }
}
