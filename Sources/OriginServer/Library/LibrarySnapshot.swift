/// The files of one video at one moment, sorted by name.
package struct LibrarySnapshot: Hashable, Sendable {
    package var files: [File]

    package struct File: Hashable, Sendable {
        package var path: String
        package var name: String
        /// Nil for the one file of a video that has no folder.
        package var meaning: LibraryFileName?
        package var identity: FileIdentity
    }

    /// Seconds since 1970 of the newest change.
    package var lastModified: Int64 {
        files.reduce(0) { max($0, $1.identity.modifiedNanoseconds / 1_000_000_000) }
    }

    /// Files that hold media, in the order of `AssetIndex.files`.
    package var mediaFiles: [File] {
        files.filter { file in
            if case .subtitles = file.meaning { false } else { true }
        }
    }
}
