// Unsafe: owns a descriptor, and writes and reads it through libc.

internal import CLinux
internal import Glibc
package import NIOCore
import Synchronization

/// Memory that belongs to a nameless file, so that the kernel can send from it without copying.
///
/// Each body gets pages of its own at a place never used before, and they are given back one by one:
/// offsets are plenty, so nothing has to be searched and nothing falls to pieces. Sending 1.5 MB by
/// `sendfile` from here takes two thirds of the CPU time of a write from the process's own memory.
/// From any thread.
///
/// The kernel looks up and counts each folio that it sends, so bodies lie in large ones where it can
/// be had: on a tmpfs mounted with `huge=within_size` (Linux 6.14), which makes folios as large as
/// what is written at once. Bodies begin at multiples of the largest, so that no two share one: a
/// shared one could not be given back while the other body is being sent.
package final class MemoryArena: Sendable {
    private let descriptor: Int32
    private let end = Atomic<UInt64>(0)
    private let used = Atomic<Int>(0)

    /// Nothing where the system has no such files.
    ///
    /// - Parameter folder: of a tmpfs; where empty, one of its own is mounted if the process may,
    ///   else a memory file serves, in pages.
    package init?(folder: String = "") {
        descriptor =
            folder.isEmpty
            ? unsafe MillraceCreateMemoryFile("millrace-bodies")
            : unsafe MillraceCreateNamelessFile(AT_FDCWD, folder)
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// A descriptor for one event loop: SwiftNIO's handles refuse to be used by two at once.
    ///
    /// - Returns: the handle, which the caller closes, or nothing when descriptors are used up.
    func makeHandle() -> NIOFileHandle? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: copy)
    }

    /// Bytes of whole pages that bodies hold now.
    package var usedBytes: Int { used.load(ordering: .relaxed) }

    /// Copies a body in; nothing where there is no memory for it.
    package func store(_ chunks: some Sequence<ByteBuffer>, sizeBytes: Int) -> MemoryRegion? {
        let pageBytes = (sizeBytes + Self.pageSizeBytes - 1) & ~(Self.pageSizeBytes - 1)
        let folioBytes = (sizeBytes + Self.folioSizeBytes - 1) & ~(Self.folioSizeBytes - 1)
        let offset = end.wrappingAdd(UInt64(folioBytes), ordering: .relaxed).oldValue
        var place = offset
        for chunk in chunks {
            guard write(chunk, at: place) else {
                punch(offset, pageBytes)
                return nil
            }
            place += UInt64(chunk.readableBytes)
        }
        precondition(place == offset + UInt64(sizeBytes), "a body is as large as was said")
        used.wrappingAdd(pageBytes, ordering: .relaxed)
        return MemoryRegion(self, offsetBytes: offset, sizeBytes: sizeBytes, pageBytes: pageBytes)
    }

    private func write(_ chunk: ByteBuffer, at offsetBytes: UInt64) -> Bool {
        unsafe chunk.withUnsafeReadableBytes { bytes in
            var done = 0
            guard let start = bytes.baseAddress else { return true }
            while done < bytes.count {
                let count = unsafe pwrite(
                    descriptor,
                    start + done,
                    min(bytes.count - done, Self.folioSizeBytes),
                    off_t(offsetBytes) + off_t(done)
                )
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    fileprivate func release(_ offsetBytes: UInt64, _ pageBytes: Int) {
        punch(offsetBytes, pageBytes)
        used.wrappingSubtract(pageBytes, ordering: .relaxed)
    }

    private func punch(_ offsetBytes: UInt64, _ pageBytes: Int) {
        _ = MillracePunchHole(descriptor, Int64(offsetBytes), Int64(pageBytes))
    }

    fileprivate func read(_ offsetBytes: UInt64, _ sizeBytes: Int) -> ByteBuffer? {
        var buffer = ByteBufferAllocator().buffer(capacity: sizeBytes)
        while buffer.readableBytes < sizeBytes {
            let place = off_t(offsetBytes) + off_t(buffer.readableBytes)
            let missing = sizeBytes - buffer.readableBytes
            let count = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) {
                max(0, unsafe pread(descriptor, $0.baseAddress, missing, place))
            }
            guard count > 0 else { return nil }
        }
        return buffer
    }

    private static let pageSizeBytes = Int(getpagesize())
    /// The largest folio, and the most that is written at once; a power of two.
    ///
    /// Larger ones are seldom free, and making them room costs milliseconds.
    private static let folioSizeBytes = 128 * 1024
}

/// A body in an arena, for as long as anything refers to it.
package final class MemoryRegion: Sendable {
    let arena: MemoryArena
    private let offsetBytes: UInt64
    private let pageBytes: Int
    package let sizeBytes: Int

    fileprivate init(
        _ arena: MemoryArena,
        offsetBytes: UInt64,
        sizeBytes: Int,
        pageBytes: Int
    ) {
        self.arena = arena
        self.offsetBytes = offsetBytes
        self.sizeBytes = sizeBytes
        self.pageBytes = pageBytes
    }

    deinit {
        arena.release(offsetBytes, pageBytes)
    }

    /// A part of it, to be sent by the handle of an event loop while the region is held.
    func fileRegion(_ part: Range<UInt64>, _ handle: NIOFileHandle) -> FileRegion {
        FileRegion(
            fileHandle: handle,
            readerIndex: Int(offsetBytes + part.lowerBound),
            endIndex: Int(offsetBytes + part.upperBound)
        )
    }

    /// A copy of a part; nothing where the system fails.
    package func bytes(_ part: Range<Int>) -> ByteBuffer? {
        precondition(part.lowerBound >= 0 && part.upperBound <= sizeBytes)
        return arena.read(offsetBytes + UInt64(part.lowerBound), part.count)
    }
}

/// A region read in pieces, where the kernel cannot send it: over TLS.
extension MemoryRegion: BodySource {
    package func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        guard offsetBytes < UInt64(self.sizeBytes) else { return .end }
        let count = min(sizeBytes, self.sizeBytes - Int(offsetBytes), Self.pieceSizeBytes)
        return bytes(Int(offsetBytes)..<Int(offsetBytes) + count).map { .bytes($0) } ?? .failed
    }

    package func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        waiter.eventLoop.execute { waiter.resume() }
    }

    /// Fits into a core's cache, so that what reads it next does not fetch it again.
    private static let pieceSizeBytes = 128 * 1024
}
