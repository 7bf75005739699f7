import Foundation
import Glibc

/// The temporary folder of one import: inside the library, so that it can become the video's folder
/// by one rename, and locked while the import runs, so that others can tell it from a left-over.
final class ImportFolder {
    let path: String
    private let library: String
    private let descriptor: CInt
    private var isPublished = false

    private static let prefix = ".import-"

    /// - Throws: `libraryMissing`, `idTaken`, or why nothing can be written there.
    init(library: String, id: String) throws(TranscodingError) {
        var status = stat()
        guard unsafe stat(library, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .libraryMissing(path: library)
        }
        for taken in ["\(library)/\(id)", "\(library)/\(id).mp4"] {
            guard unsafe lstat(taken, &status) != 0 else { throw .idTaken(id) }
        }
        Self.removeAbandoned(in: library)
        var template = Array("\(library)/\(Self.prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw OutputBytes.failure(library, errno)
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.library = library
        // mkdtemp keeps others out; the server may run as somebody else.
        unsafe chmod(path, 0o755)
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isPublished { try? FileManager.default.removeItem(atPath: path) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Makes it the video's folder, all at once and for good.
    func publish(id: String) throws(TranscodingError) {
        guard fsync(descriptor) == 0 else { throw OutputBytes.failure(path, errno) }
        let target = "\(library)/\(id)"
        guard unsafe rename(path, target) == 0 else {
            if errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR { throw .idTaken(id) }
            throw OutputBytes.failure(target, errno)
        }
        isPublished = true
        let folder = unsafe open(library, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Removes what an import left that was killed: folders of some age that nobody holds.
    private static func removeAbandoned(in library: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(library)/\(name)"
            let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0,
                Int64(time(nil)) - Int64(status.st_mtim.tv_sec) > ImportLimits.abandonedSeconds,
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else {
                continue
            }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
