package import MediaHTTP
package import Packaging
package import Platform
import Synchronization

/// A video that is ready to be served: its index, its open files, and the manifests made so far.
///
/// The files stay open while anything refers to the asset, so that an answer under way finishes
/// with the bytes it began with, whatever happens to the folder.
package final class LoadedAsset: Sendable {
    package let id: String
    package let index: AssetIndex
    /// Bytes of memory that the index takes.
    package let indexBytes: Int
    package let files: [StoredFile]
    package let snapshot: LibrarySnapshot
    /// The opaque part of every entity tag: version of the asset and of the packager.
    package let entityTag: String
    /// By which edges purge all that they keep of the video: `Cache-Tag: video-ID`.
    package let tagField: [(String, String)]
    /// Qualities as one file that are being made.
    package let progressiveFlights = SingleFlight<String, Result<StoredBody, any Error>>()
    private let manifests = Mutex(ManifestCache(partLimitBytes: LoadedAsset.manifestPartBytes))
    private let longest = Mutex<MediaTime?>(nil)
    private let progressiveBodies = Mutex<[String: StoredBody]>([:])

    package init(
        id: String,
        index: AssetIndex,
        files: [StoredFile],
        snapshot: LibrarySnapshot
    ) {
        self.id = id
        self.index = index
        self.indexBytes = index.storageSizeBytes
        self.files = files
        self.snapshot = snapshot
        self.tagField = [("Cache-Tag", "video-" + id)]
        self.entityTag = index.version.text + "-" + PackagerVersion.text
    }

    /// The manifest of a key, made once and kept.
    ///
    /// - Parameters:
    ///   - key: what tells it from the asset's other texts.
    ///   - make: makes the text, outside any lock.
    /// - Returns: the text, one object for all who ask.
    package func manifest(
        _ key: ManifestKey,
        make: () throws -> [UInt8]
    ) rethrows -> CompressibleText {
        if let text = manifests.withLock({ $0[key] }) { return text }
        let text = CompressibleText(bytes: try make())
        manifests.withLock { $0.keep(text, for: key) }
        return text
    }

    /// The longest of all segments, found once for the playlists of all tracks.
    package func longestSegment(_ find: () -> MediaTime) -> MediaTime {
        if let found = longest.withLock({ $0 }) { return found }
        let found = find()
        longest.withLock { $0 = found }
        return found
    }

    /// Bytes of memory that are free again when nothing refers to the asset: its index, manifests
    /// and bodies.
    package var sizeBytes: Int {
        let bodies = progressiveBodies.withLock { bodies in
            bodies.values.reduce(0) { $0 + $1.memoryBytes }
        }
        return indexBytes + bodies + manifests.withLock { $0.sizeBytes }
    }

    /// A quality as one file, where it was made before.
    package func readyProgressiveBody(_ quality: String) -> StoredBody? {
        progressiveBodies.withLock { $0[quality] }
    }

    /// Keeps a quality as one file, so that a request does no work for each of its ranges, of which
    /// two hours have hundreds of thousands; that takes megabytes, so few are kept.
    package func keep(_ body: StoredBody, ofQuality quality: String) {
        progressiveBodies.withLock { bodies in
            if bodies.count >= Self.progressiveBodyLimit { bodies.removeAll() }
            bodies[quality] = body
        }
    }

    private static let manifestPartBytes = 256 << 10
    private static let progressiveBodyLimit = 3
}

/// Changes whenever the same asset would be packaged into other bytes.
package enum PackagerVersion {
    package static let text = "1"
}
