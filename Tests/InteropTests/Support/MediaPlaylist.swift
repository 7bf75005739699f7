import Foundation
import TestSupport

/// As much of an HLS playlist as the checks need, read by lines.
struct MediaPlaylist {
    struct Segment {
        var seconds: Double
        /// Address below the media listener.
        var path: String
        var initPath: String?
        var followsDiscontinuity = false
    }

    var segments: [Segment] = []
    var isEnded = false

    init(_ text: String, at path: String) {
        var seconds = 0.0
        var initPath: String?
        var discontinuity = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#EXTINF:") {
                seconds = Double(line.dropFirst(8).prefix { $0 != "," }) ?? .nan
            } else if line.hasPrefix("#EXT-X-MAP:") {
                initPath = Self.attribute("URI", of: line).map { Self.resolved($0, at: path) }
            } else if line == "#EXT-X-DISCONTINUITY" {
                discontinuity = true
            } else if line == "#EXT-X-ENDLIST" {
                isEnded = true
            } else if !line.hasPrefix("#") {
                let address = Self.resolved(String(line), at: path)
                segments.append(
                    Segment(
                        seconds: seconds,
                        path: address,
                        initPath: initPath,
                        followsDiscontinuity: discontinuity
                    )
                )
                discontinuity = false
            }
        }
    }

    /// The first variant's playlist of a master playlist.
    static func firstVariant(of master: String, on origin: Origin) async throws -> MediaPlaylist {
        let text = String(decoding: try await origin.body(master), as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { !$0.hasPrefix("#") }) else {
            throw Tool.Failed(description: "\(master) names no variant: \(text)")
        }
        let path = resolved(String(line), at: master)
        return MediaPlaylist(String(decoding: try await origin.body(path), as: UTF8.self), at: path)
    }

    static func attribute(_ name: String, of line: Substring) -> String? {
        guard let start = line.range(of: name + "=\"") else { return nil }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
    }

    static func resolved(_ reference: String, at path: String) -> String {
        URL(string: reference, relativeTo: URL(string: "http://origin" + path))
            .map { $0.path + ($0.query.map { "?" + $0 } ?? "") } ?? reference
    }
}
