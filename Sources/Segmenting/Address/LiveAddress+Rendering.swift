extension LiveAddress {
    /// The path that `init(path:)` reads as this address.
    package var path: String { "/live/\(streamID)/\(resource.name)" }
}

extension LiveAddress.Resource {
    /// This resource as a playlist or manifest of the same stream names it.
    ///
    /// - Parameter scope: of the playlist that names it; a DASH manifest stands where the live
    ///   playlists do.
    /// - Returns: a relative reference.
    package func relative(to scope: LiveAddress.Scope) -> String {
        switch (self, scope) {
        case (.masterPlaylist(.rewind), .rewind), (.mediaPlaylist(.rewind, _), .rewind): fileName
        default: scope.pathToStream + name
        }
    }

    /// Behind the stream's folder.
    fileprivate var name: String {
        switch self {
        case .masterPlaylist(.rewind), .mediaPlaylist(.rewind, _): "dvr/" + fileName
        case .initialization(let token, let track, _), .segment(let token, let track, _),
            .part(let token, let track, _, _):
            "\(token)/\(track.name)/\(fileName)"
        default: fileName
        }
    }

    private var fileName: String {
        switch self {
        case .masterPlaylist: "master.m3u8"
        case .mediaPlaylist(_, let track): track.name + ".m3u8"
        case .dashManifest: "manifest.mpd"
        case .time: "time"
        case .status: "status"
        case .thumbnail: "thumbnail.jpg"
        case .initialization(_, _, let number): "init-\(number).mp4"
        case .segment(_, _, let number): "\(number).m4s"
        case .part(_, _, let segment, let index): "\(segment).\(index).m4s"
        }
    }
}

extension LiveAddress.Scope {
    /// What leads from a playlist of this scope to the stream's folder.
    var pathToStream: String { self == .live ? "" : "../" }
}
