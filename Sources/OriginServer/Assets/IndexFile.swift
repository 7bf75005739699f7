import Glibc
package import Packaging

/// The index of one asset as a file in the data folder, which a restart reads instead of parsing.
///
/// The file says which files it was built from and with which configuration; when any of that
/// differs from what is there now, or the index is damaged, it is as if it were not there. It is read
/// whole, never mapped: a mapped file that is cut short is a SIGBUS.
package struct IndexFile: Sendable {
    private let folder: String

    package init(dataFolder: String) {
        self.folder = dataFolder + "/indexes"
    }

    /// The stored index of a video, where it still fits.
    ///
    /// May block.
    package func read(
        id: String,
        snapshot: LibrarySnapshot,
        configuration: PackagingConfiguration
    ) -> AssetIndex? {
        guard let bytes = FileBytes.read(path: path(of: id), limit: Self.sizeLimit) else {
            return nil
        }
        let key = Self.key(snapshot, configuration)
        guard bytes.count > key.count, bytes.starts(with: key) else { return nil }
        return try? AssetIndex(serialized: Array(bytes[key.count...]))
    }

    /// Writes a temporary file, forces it to disk and renames it.
    ///
    /// May block.
    package func write(
        _ index: AssetIndex,
        id: String,
        snapshot: LibrarySnapshot,
        configuration: PackagingConfiguration
    ) throws(LibraryError) {
        try FileBytes.makeFolders(folder)
        try FileBytes.replace(
            path: path(of: id),
            with: Self.key(snapshot, configuration) + index.serialized()
        )
    }

    /// Removes what a crash left of writes; for the start, before anything is written.
    package func removeTemporaries() {
        FileBytes.removeTemporaries(in: folder)
    }

    private func path(of id: String) -> String { folder + "/" + id + ".index" }

    private static let sizeLimit = 1 << 30

    /// What must be equal for a stored index to be used, as text so that a person can read it.
    private static func key(
        _ snapshot: LibrarySnapshot,
        _ configuration: PackagingConfiguration
    ) -> [UInt8] {
        var text = "millrace index 1\n"
        let target = configuration.targetSegmentDuration
        text += "target \(target.value)/\(target.timescale)\n"
        text += "hevc_in_ts \(configuration.allowsHEVCInTransportStream)\n"
        for file in snapshot.files {
            let identity = file.identity
            text += "file \(file.name) \(identity.sizeBytes) \(identity.modifiedNanoseconds)"
            text += " \(identity.changedNanoseconds) \(identity.inode)\n"
        }
        return Array((text + "\n").utf8)
    }
}
