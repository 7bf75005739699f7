// Unsafe: asks the file system through libc, with strings that outlive each call.

internal import Glibc

/// Folders and names on disk; every member may block.
enum Folder {
    /// Makes a folder and those above it.
    static func make(_ path: String) throws(RecordingError) {
        if unsafe mkdir(path, 0o755) == 0 { return }
        let number = errno
        if number == EEXIST {
            guard exists(path) else { throw .system(path: path, errorNumber: ENOTDIR) }
            return
        }
        guard number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex
        else {
            throw .system(path: path, errorNumber: number)
        }
        try make(String(path[..<slash]))
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .system(path: path, errorNumber: errno)
        }
    }

    static func exists(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// The size of a regular file, nil where there is none.
    static func fileSizeBytes(_ path: String) -> UInt64? {
        guard let status = status(path), status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(status.st_size)
    }

    /// Whether names can be moved between two folders.
    static func areOnOneFileSystem(_ left: String, _ right: String) -> Bool {
        guard let left = status(left), let right = status(right) else { return false }
        return left.st_dev == right.st_dev
    }

    /// Names in a folder but those with a dot in front, sorted; empty where there is none.
    static func names(in path: String) -> [String] {
        guard let handle = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func rename(_ path: String, to other: String) throws(RecordingError) {
        guard unsafe Glibc.rename(path, other) == 0 else {
            throw .system(path: other, errorNumber: errno)
        }
    }

    /// Removes a file; that it is not there is no error.
    static func removeFile(_ path: String) {
        unsafe unlink(path)
    }

    /// Removes a folder where it is empty.
    @discardableResult
    static func removeEmpty(_ path: String) -> Bool {
        unsafe rmdir(path) == 0
    }

    /// Removes a folder and the files in it, and those in one folder below.
    static func remove(_ path: String) {
        for name in names(in: path) {
            let inner = path + "/" + name
            if exists(inner) { remove(inner) } else { removeFile(inner) }
        }
        removeEmpty(path)
    }

    /// Makes sure that names given in a folder outlive a crash of the machine.
    static func sync(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
