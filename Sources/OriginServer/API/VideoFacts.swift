package import Packaging
import Platform

/// What the API and the pages say of a video.
package struct VideoFacts: Sendable {
    package struct AudioFact: Sendable {
        package var language: String
        package var label: String
    }

    package struct SubtitleFact: Sendable {
        package var language: String
        package var label: String
        package var role: TrackRole
        /// Address below the media listener.
        package var path: String
    }

    package var id: String
    package var durationSeconds: Double
    /// Best first.
    package var qualities: [String]
    package var audio: [AudioFact]
    package var subtitles: [SubtitleFact]

    package init(asset: LoadedAsset) {
        let index = asset.index
        id = asset.id
        durationSeconds = index.duration.seconds
        qualities = index.tracks.filter { $0.kind == .video }.map(\.label)
        var languages: Set<String> = []
        audio = index.tracks.filter { $0.kind == .audio }.compactMap { track in
            guard languages.insert(track.language).inserted else { return nil }
            return AudioFact(language: track.language, label: track.label)
        }
        subtitles = index.subtitles.map { track in
            SubtitleFact(
                language: track.language,
                label: track.label,
                role: track.role,
                path: "/videos/\(asset.id)/\(index.version.text)/\(track.name)/all.vtt"
            )
        }
    }

    package var masterPlaylistPath: String { "/videos/\(id)/hls/master.m3u8" }
    package var transportStreamPath: String { "/videos/\(id)/hls-ts/master.m3u8" }
    package var manifestPath: String { "/videos/\(id)/dash/manifest.mpd" }
    package func progressivePath(_ quality: String) -> String { "/videos/\(id)/\(quality).mp4" }

    /// The JSON of the API.
    ///
    /// Addresses are absolute paths, which the edge serves beside the API.
    package var json: String {
        let quote = JSONText.quoted
        let audio = audio.map {
            "{\"language\":\(quote($0.language)),\"label\":\(quote($0.label))}"
        }
        let subtitles = subtitles.map { track in
            "{\"language\":\(quote(track.language)),\"label\":\(quote(track.label)),"
                + "\"role\":\(quote(track.role.rawValue)),\"url\":\(quote(track.path))}"
        }
        let downloads = qualities.map { "\(quote($0)):\(quote(progressivePath($0)))" }
        return "{\"id\":\(quote(id)),\"duration_seconds\":\(durationSeconds),"
            + "\"qualities\":[\(qualities.map(quote).joined(separator: ","))],"
            + "\"audio\":[\(audio.joined(separator: ","))],"
            + "\"subtitles\":[\(subtitles.joined(separator: ","))],"
            + "\"urls\":{\"hls\":\(quote(masterPlaylistPath)),"
            + "\"hls_ts\":\(quote(transportStreamPath)),\"dash\":\(quote(manifestPath)),"
            + "\"progressive\":{\(downloads.joined(separator: ","))}}}"
    }
}
