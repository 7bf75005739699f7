// Unsafe: reads into a buffer's memory through preadv2 and pread.

internal import CLinux
internal import Glibc

/// How bytes of files are read; tests put in readers that find nothing in the page cache, or fail.
@safe
package struct FileReading: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// So many bytes, which may be fewer than asked for; 0 at the end of the file.
        case bytes(Int)
        /// The next byte is not in the page cache.
        case notResident
        case failed(errorNumber: Int32)
    }

    package typealias Read =
        @Sendable (StoredFile, UnsafeMutableRawBufferPointer, UInt64) -> Outcome

    /// From where bytes may be taken.
    enum Source: Sendable {
        /// The page cache alone: never blocks.
        case resident
        /// The disk too: for threads.
        case disk
    }

    private let resident: Read
    private let blocking: Read
    /// Whether resident runs may go from the page cache to the socket by sendfile.
    let allowsSendfile: Bool

    package init(
        resident: @escaping Read,
        blocking: @escaping Read,
        allowsSendfile: Bool = false
    ) {
        self.allowsSendfile = allowsSendfile
        unsafe self.resident = resident
        unsafe self.blocking = blocking
    }

    func read(
        _ source: Source,
        _ file: StoredFile,
        into destination: UnsafeMutableRawBufferPointer,
        offsetBytes: UInt64
    ) -> Outcome {
        switch source {
        case .resident: unsafe resident(file, destination, offsetBytes)
        case .disk: unsafe blocking(file, destination, offsetBytes)
        }
    }

    /// The kernel's own.
    package static let system = unsafe FileReading(
        resident: { file, destination, offsetBytes in
            unsafe readResident(file, destination, offsetBytes)
        },
        blocking: systemBlocking,
        allowsSendfile: true
    )

    /// The kernel's own blocking read, for tests that replace the other one.
    package static let systemBlocking: Read = { file, destination, offsetBytes in
        unsafe readBlocking(file, destination, offsetBytes)
    }

    private static func readResident(
        _ file: StoredFile,
        _ destination: UnsafeMutableRawBufferPointer,
        _ offsetBytes: UInt64
    ) -> Outcome {
        while true {
            let count = unsafe MillraceReadResident(
                file.descriptor,
                destination.baseAddress,
                destination.count,
                Int64(offsetBytes)
            )
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            // A file system without RWF_NOWAIT is served by the threads alone.
            case EAGAIN, EOPNOTSUPP, ENOSYS: return .notResident
            case let errorNumber: return .failed(errorNumber: errorNumber)
            }
        }
    }

    private static func readBlocking(
        _ file: StoredFile,
        _ destination: UnsafeMutableRawBufferPointer,
        _ offsetBytes: UInt64
    ) -> Outcome {
        while true {
            let count = unsafe pread(
                file.descriptor,
                destination.baseAddress,
                destination.count,
                off_t(offsetBytes)
            )
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return .failed(errorNumber: errno) }
        }
    }
}
