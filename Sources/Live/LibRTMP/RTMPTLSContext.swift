// Unsafe: holds a pointer that librtmp made.

internal import CLibRTMP
internal import Synchronization

/// A certificate and its key, as librtmp's GnuTLS holds them.
@safe
final class RTMPTLSContext: @unchecked Sendable {
    // Sendable: read only after init.
    let pointer: UnsafeMutableRawPointer

    /// librtmp sets up GnuTLS with the first context, without a lock of its own.
    private static let setup = Mutex(())

    /// Nothing where the files cannot be read, or do not fit each other.
    init?(certificateChain: String, privateKey: String) {
        let made = Self.setup.withLock { _ in
            unsafe SendablePointer(
                pointer: RTMP_TLS_AllocServerContext(certificateChain, privateKey)
            )
        }
        guard let pointer = unsafe made.pointer else { return nil }
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe RTMP_TLS_FreeServerContext(pointer)
    }

    /// Out of the lock; nobody else has it.
    @safe
    private struct SendablePointer: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer?
    }
}

/// librtmp as a whole.
enum LibRTMP {
    /// Silences it, once for the process.
    static let isReady: Bool = {
        MillraceSilenceLog()
        return true
    }()
}
