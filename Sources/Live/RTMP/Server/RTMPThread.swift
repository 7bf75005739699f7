// Unsafe: hands a closure to a thread of the operating system.

internal import Glibc

/// A thread that is joined, with a small stack and all signals blocked.
///
/// Blocked, a SIGPIPE of librtmp's sends stays with its thread and does no harm.
struct RTMPThread: @unchecked Sendable {
    // Sendable: pthread_t is a number to us.
    private let thread: pthread_t

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    struct NoThread: Error {
        var errno: Int32
    }

    /// - Throws: where there is no room for one more.
    init(stackBytes: Int, _ run: @escaping @Sendable () -> Void) throws(NoThread) {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var (all, before) = (sigset_t(), sigset_t())
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread,
            &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                body.run()
                return nil
            },
            body.toOpaque()
        )
        guard code == 0 else {
            unsafe body.release()
            throw NoThread(errno: code)
        }
        self.thread = thread
    }

    /// Waits for its end; once only.
    func join() {
        pthread_join(thread, nil)
    }
}
