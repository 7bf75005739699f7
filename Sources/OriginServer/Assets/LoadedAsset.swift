package import MediaHTTP
package import Packaging
import Platform
import Synchronization

/// A video that is ready to be served: its index, its open files, and the manifests made so far.
///
/// The files stay open while anything refers to the asset, so that an answer under way finishes
/// with the bytes it began with, whatever happens to the folder.
package final class LoadedAsset: Sendable {
    package let id: String
    package let index: AssetIndex
    package let files: [StoredFile]
    package let snapshot: LibrarySnapshot
    /// The opaque part of every entity tag: version of the asset and of the packager.
    package let entityTag: String
    private let manifests = Mutex<[ManifestKey: CompressibleText]>([:])
    private let progressivePlans = Mutex<[String: Plan]>([:])

    package init(
        id: String,
        index: AssetIndex,
        files: [StoredFile],
        snapshot: LibrarySnapshot
    ) {
        self.id = id
        self.index = index
        self.files = files
        self.snapshot = snapshot
        self.entityTag = index.version.text + "-" + PackagerVersion.text
    }

    /// The manifest of a key, made once and kept; a bounded number of them, then the oldest go.
    package func manifest(
        _ key: ManifestKey,
        make: () throws -> [UInt8]
    ) rethrows -> CompressibleText {
        if let text = manifests.withLock({ $0[key] }) { return text }
        let text = CompressibleText(bytes: try make())
        manifests.withLock { manifests in
            // Clips can be asked for in any number; whole manifests are few and soon made again.
            if manifests.count >= Self.manifestLimit { manifests.removeAll(keepingCapacity: true) }
            manifests[key] = text
        }
        return text
    }

    /// The plan of a quality as one file, where it was made before.
    package func readyProgressivePlan(_ quality: String) -> Plan? {
        progressivePlans.withLock { $0[quality] }
    }

    /// Keeps the plan of a quality as one file; its header can be megabytes, so few are kept.
    package func keep(_ plan: Plan, ofQuality quality: String) {
        progressivePlans.withLock { plans in
            if plans.count >= Self.progressivePlanLimit { plans.removeAll() }
            plans[quality] = plan
        }
    }

    private static let manifestLimit = 256
    private static let progressivePlanLimit = 3
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

/// Changes whenever the same asset would be packaged into other bytes.
package enum PackagerVersion {
    package static let text = "1"
}
