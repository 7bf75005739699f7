import Glibc
import Packaging

/// The folder that holds the videos: `{id}.mp4`, or `{id}/` with a file for each rendition.
///
/// All members ask the file system and may block.
package struct LibraryFolder: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// The files of one video as they are now, or nil where there is no such video.
    ///
    /// A folder is stronger than a file of the same name.
    package func snapshot(of id: String) throws(LibraryError) -> LibrarySnapshot? {
        guard MediaAddress.isName(id) else { return nil }
        let folder = path + "/" + id
        if let names = try Self.names(in: folder) {
            var files: [LibrarySnapshot.File] = []
            for name in names.sorted() {
                guard let meaning = LibraryFileName(name),
                    let identity = try Self.identity(of: folder + "/" + name)
                else {
                    continue
                }
                guard files.count < LibraryLimits.filesPerVideo else {
                    throw .tooManyFiles(folder: id, limit: LibraryLimits.filesPerVideo)
                }
                files.append(
                    LibrarySnapshot.File(
                        path: folder + "/" + name,
                        name: name,
                        meaning: meaning,
                        identity: identity
                    )
                )
            }
            let hasMedia = files.contains { file in
                if case .subtitles = file.meaning { false } else { true }
            }
            return hasMedia ? LibrarySnapshot(files: files) : nil
        }
        let file = path + "/" + id + ".mp4"
        guard let identity = try Self.identity(of: file) else {
            // That a video is gone can be said of a library that is there.
            guard Self.isFolder(path) else { throw .noLibrary(path: path) }
            return nil
        }
        return LibrarySnapshot(files: [
            .init(path: file, name: id + ".mp4", meaning: nil, identity: identity)
        ])
    }

    /// The ids of all videos, sorted; folders without media among them.
    package func videoIDs() throws(LibraryError) -> [String] {
        guard let names = try Self.names(in: path) else { throw .noLibrary(path: path) }
        var ids: Set<String> = []
        for name in names where MediaAddress.isName(name) {
            if name.hasSuffix(".mp4") {
                ids.insert(String(name.dropLast(4)))
            } else if Self.isFolder(path + "/" + name) {
                ids.insert(name)
            }
        }
        return ids.filter { !$0.isEmpty }.sorted()
    }

    /// Names in a folder but those that start with a dot; nil where there is no folder.
    static func names(in folder: String) throws(LibraryError) -> [String]? {
        guard let handle = unsafe opendir(folder) else {
            switch errno {
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: return nil
            default: throw .system(path: folder, code: errno)
            }
        }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The identity of a regular file; nil where there is none.
    package static func identity(of path: String) throws(LibraryError) -> FileIdentity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: return nil
            default: throw .system(path: path, code: errno)
            }
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileIdentity(status)
    }
}

extension FileIdentity {
    fileprivate init(_ status: stat) {
        self.init(
            sizeBytes: UInt64(status.st_size),
            modifiedNanoseconds: Self.nanoseconds(status.st_mtim),
            changedNanoseconds: Self.nanoseconds(status.st_ctim),
            inode: UInt64(status.st_ino)
        )
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

/// Bounds of what a library may hold.
package enum LibraryLimits {
    package static let filesPerVideo = 256
    package static let subtitleBytes = 16 << 20
}

/// Why the library cannot be looked at: the disk's fault, never the video's.
package enum LibraryError: Error, Hashable, Sendable {
    case system(path: String, code: Int32)
    /// The library's own folder is gone or is none.
    case noLibrary(path: String)
    case tooManyFiles(folder: String, limit: Int)
}

extension LibraryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let path, let code):
            "\(path): \(Self.text(code))"
        case .noLibrary(let path):
            "\(path) is not a folder"
        case .tooManyFiles(let folder, let limit):
            "\(folder) holds more than \(limit) files"
        }
    }

    /// What is wrong, without the places on disk, which are the operator's business.
    package var publicDescription: String {
        switch self {
        case .system(_, let code): Self.text(code).lowercased()
        case .noLibrary: "the library is not there"
        case .tooManyFiles: description
        }
    }

    private static func text(_ code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }
}
