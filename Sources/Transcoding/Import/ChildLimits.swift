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

    /// Those of the child that makes thumbnails: it writes no file, and lives long.
    static func applyToThumbnails() {
        set(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
        set(__rlimit_resource_t(RLIMIT_AS.rawValue), ThumbnailLimits.addressSpaceBytes)
        set(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), 0)
        set(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), ThumbnailLimits.openFiles)
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, ThumbnailLimits.niceness)
    }

    /// Lets the process use so much CPU time from now on; then SIGXCPU ends it.
    static func allowCPU(seconds: Int) {
        var usage = rusage()
        let resource = __rlimit_resource_t(RLIMIT_CPU.rawValue)
        var limit = rlimit()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0,
            unsafe getrlimit(resource, &limit) == 0
        else { return }
        // Rounded up, as parts of seconds are left out.
        let used = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1
        limit.rlim_cur = min(rlim_t(used + seconds), limit.rlim_max)
        unsafe setrlimit(resource, &limit)
    }

    private static func set(_ resource: __rlimit_resource_t, _ value: UInt64) {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(value), limit.rlim_max)
        limit.rlim_max = limit.rlim_cur
        unsafe setrlimit(resource, &limit)
    }
}
