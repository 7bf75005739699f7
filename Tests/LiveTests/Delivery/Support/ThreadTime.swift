// Unsafe: asks the kernel for the calling thread's processor time.

import Glibc

enum ThreadTime {
    /// Of the calling thread, since it began.
    static var microseconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
