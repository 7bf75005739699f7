// Unsafe: asks and tells the kernel through a struct that lives for the call.

import Glibc

/// How many files and connections the process may have open at once.
package enum OpenFileLimit {
    /// The limit as it is now.
    package static var current: Int {
        Int(clamping: limits?.rlim_cur ?? 1024)
    }

    /// Takes as much as the system grants without asking for privileges.
    ///
    /// Shells and service managers start programs with 1024, for the sake of `select`, which is not
    /// used here.
    package static func raise() {
        guard var limits, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = limits.rlim_max
        unsafe setrlimit(resource, &limits)
    }

    /// Connections that leave room for the library's files, and for those that are told to go.
    package static func connections(of limit: Int) -> Int {
        max(limit - min(limit / 2, filesReserve), 1)
    }

    /// Connections beyond those that can be told to go, rather than wait unheard.
    package static func refusals(of limit: Int) -> Int { max(limit / 8, 1) }

    private static let filesReserve = 4096
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static var limits: rlimit? {
        var limits = rlimit()
        return unsafe getrlimit(resource, &limits) == 0 ? limits : nil
    }
}
