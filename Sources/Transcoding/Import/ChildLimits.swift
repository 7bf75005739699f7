import Glibc

/// Limits that the child sets itself before it touches the file.
enum ChildLimits {
    /// - Parameter sourceBytes: CPU time and output are allowed in proportion to it.
    static func apply(sourceBytes: UInt64) {
        set(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
        set(__rlimit_resource_t(RLIMIT_AS.rawValue), ImportLimits.addressSpaceBytes)
        set(
            __rlimit_resource_t(RLIMIT_CPU.rawValue),
            ImportLimits.cpuSeconds + sourceBytes / ImportLimits.bytesPerCPUSecond
        )
        let (product, overflow) = sourceBytes.multipliedReportingOverflow(
            by: ImportLimits.outputFactor
        )
        if !overflow {
            set(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), product + ImportLimits.outputBytes)
        }
        // A file that grows beyond its limit is then an error of write, not a signal.
        signal(SIGXFSZ, SIG_IGN)
    }

    private static func set(_ resource: __rlimit_resource_t, _ value: UInt64) {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(value), limit.rlim_max)
        limit.rlim_max = limit.rlim_cur
        unsafe setrlimit(resource, &limit)
    }
}
