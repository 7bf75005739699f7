package import MediaHTTP
import NIOCore
package import Packaging

/// The texts of one asset that were made so far.
///
/// Those of the whole asset are as few as its tracks and formats, and stay. Clips, choices and
/// subtitle segments can be asked for in any number: they have a room of bytes, and when it is full
/// all of them go, as each is soon made again.
package struct ManifestCache {
    private var whole: [ManifestKey: CompressibleText] = [:]
    private var parts: [ManifestKey: CompressibleText] = [:]
    private var wholeBytes = 0
    private var partBytes = 0
    private let partLimitBytes: Int

    package init(partLimitBytes: Int) {
        self.partLimitBytes = partLimitBytes
    }

    package var sizeBytes: Int { wholeBytes + partBytes }

    package subscript(key: ManifestKey) -> CompressibleText? { whole[key] ?? parts[key] }

    /// Keeps a text, or not where it is larger than all the room there is.
    package mutating func keep(_ text: CompressibleText, for key: ManifestKey) {
        guard self[key] == nil else { return }
        let size = text.identity.readableBytes + Self.entryBytes
        guard key.isPart else {
            whole[key] = text
            wholeBytes += size
            return
        }
        guard size <= partLimitBytes else { return }
        if partBytes + size > partLimitBytes {
            parts.removeAll(keepingCapacity: true)
            partBytes = 0
        }
        parts[key] = text
        partBytes += size
    }

    /// What an entry takes beside its text: objects, table, the gzip form's head.
    private static let entryBytes = 256
}

/// Which text of an asset; looked up for each request, so no text is made for it.
package enum ManifestKey: Hashable, Sendable {
    /// With what was chosen of the asset.
    case masterPlaylist(MediaAddress.HLSFormat, String)
    case dashManifest(String)
    /// Of a track by its place, with the clip's query.
    case mediaPlaylist(MediaAddress.HLSFormat, track: Int, String)
    case iFramePlaylist(track: Int, String)
    /// Of a subtitle track by its name.
    case subtitlePlaylist(MediaAddress.HLSFormat, track: String, String)
    case subtitleSegment(MediaAddress.HLSFormat, track: String, MediaAddress.SegmentReference)
    case subtitles(track: String)
}

extension ManifestKey {
    /// Whether it is one of any number, and so may be dropped.
    fileprivate var isPart: Bool {
        switch self {
        case .masterPlaylist(_, let choice), .dashManifest(let choice),
            .mediaPlaylist(_, _, let choice), .iFramePlaylist(_, let choice),
            .subtitlePlaylist(_, _, let choice):
            !choice.isEmpty
        case .subtitleSegment: true
        case .subtitles: false
        }
    }
}
