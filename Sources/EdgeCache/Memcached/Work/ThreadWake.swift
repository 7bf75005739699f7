// A semaphore of the C library, which has to stay where it is: so it is behind a pointer.

internal import Glibc

/// Where one thread waits to be woken.
@safe
final class ThreadWake: @unchecked Sendable {
    // Sendable: never written after init, and the semaphore may be used from any thread.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func wake() {
        unsafe sem_post(semaphore)
    }

    /// Blocks until it is woken, or returns at once where it was before.
    func wait() {
        while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
