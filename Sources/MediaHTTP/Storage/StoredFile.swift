// Unsafe: opens, asks about and closes a descriptor through libc; the only owner of it.

internal import CLinux
internal import Glibc
import NIOCore

/// A file that is open for reading for as long as anything refers to it.
///
/// An answer holds the file, not its path, so a file replaced meanwhile is never mixed into it.
package final class StoredFile: Sendable {
    /// What tells one state of a file from another.
    package struct Identity: Hashable, Sendable {
        package let sizeBytes: UInt64
        package let modificationTimeNanoseconds: Int64
        package let changeTimeNanoseconds: Int64
        package let inode: UInt64
    }

    /// As it was when the file was opened.
    package let identity: Identity
    let descriptor: Int32
    /// Bytes are added at its end, and those that were there stay as they are.
    private let isGrowing: Bool

    /// Opens a regular file; blocks, so call it where that is allowed.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - isGrowing: whether this program itself still appends to it and vouches for the bytes
    ///     that it refers to; then neither size nor times tell anything.
    /// - Throws: `StoredBodyError.openFailed` with the system's error number.
    package init(opening path: String, isGrowing: Bool = false) throws(StoredBodyError) {
        // Without O_NONBLOCK the open of a FIFO waits for its writer; files do not mind it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .openFailed(errorNumber: errno) }
        var status = MillraceFileStatus()
        guard unsafe MillraceGetFileStatus(descriptor, &status) == 0 else {
            let errorNumber = errno
            close(descriptor)
            throw .openFailed(errorNumber: errorNumber)
        }
        guard status.isRegularFile != 0 else {
            close(descriptor)
            throw .openFailed(errorNumber: EISDIR)
        }
        self.descriptor = descriptor
        self.isGrowing = isGrowing
        self.identity = Identity(
            sizeBytes: status.sizeBytes,
            modificationTimeNanoseconds: status.modificationTimeNanoseconds,
            changeTimeNanoseconds: status.changeTimeNanoseconds,
            inode: status.inode
        )
    }

    deinit {
        close(descriptor)
    }

    /// Where bytes are, as far as the system tells.
    enum Residency: Hashable, Sendable {
        case resident
        /// On their way from the disk, all of them.
        case arriving
        /// Some are on the disk alone.
        case absent
        /// The system cannot tell.
        case unknown
    }

    /// Whether bytes can be had without waiting for the disk; reads none, and starts no read.
    func residency(offsetBytes: UInt64, sizeBytes: UInt64) -> Residency {
        guard sizeBytes > 0 else { return .resident }
        switch MillraceIsResident(descriptor, offsetBytes, sizeBytes) {
        case 0: return .absent
        case 1:
            // Pages that are being read count as cached. They come in order as a rule, so the ends
            // tell.
            let isHere = holds(offsetBytes) && holds(offsetBytes + sizeBytes - 1)
            return isHere ? .resident : .arriving
        default: return .unknown
        }
    }

    /// Whether a byte whose page is cached has been read from the disk.
    private func holds(_ offsetBytes: UInt64) -> Bool {
        var byte: UInt8 = 0
        return unsafe MillraceReadResident(descriptor, &byte, 1, Int64(offsetBytes)) == 1
    }

    /// Whether the bytes are still those that were opened, by size and modification time.
    ///
    /// A file that is written in place keeps its inode, so only this tells that bytes of two states
    /// could be mixed. Not by the change time, which moves when another file takes the name; the one
    /// that is open here stays whole then. It costs one `fstat`.
    var isUnchanged: Bool {
        if isGrowing { return true }
        var status = MillraceFileStatus()
        guard unsafe MillraceGetFileStatus(descriptor, &status) == 0 else { return false }
        return status.sizeBytes == identity.sizeBytes
            && status.modificationTimeNanoseconds == identity.modificationTimeNanoseconds
    }

    /// A second descriptor, for SwiftNIO's `FileRegion`, which wants one of its own.
    ///
    /// - Returns: the handle, which the caller closes, or nothing when descriptors are used up.
    func makeHandle() -> NIOFileHandle? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: copy)
    }

    /// Starts to bring bytes into the page cache.
    ///
    /// Advice only: a failure changes nothing.
    package func willNeed(offsetBytes: UInt64, sizeBytes: UInt64) {
        _ = posix_fadvise(
            descriptor,
            off_t(offsetBytes),
            off_t(sizeBytes),
            Int32(POSIX_FADV_WILLNEED)
        )
    }
}
