import Foundation

/// A process whose CPU time and memory are read from `/proc`.
package struct WatchedProcess: Sendable, Hashable {
    package struct Reading: Sendable {
        package var cpuSeconds: Double
        package var residentBytes: UInt64
        package var threads: Int
    }

    package let name: String
    package let pid: Int32

    package init(name: String, pid: Int32) {
        self.name = name
        self.pid = pid
    }

    /// From `NAME=PID`.
    package init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, let pid = Int32(halves[1]), pid > 0 else { return nil }
        self.init(name: String(halves[0]), pid: pid)
    }

    package static var own: WatchedProcess {
        WatchedProcess(name: "millrace-load", pid: getpid())
    }

    /// Nil where the process is gone.
    package func read() -> Reading? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let close = stat.lastIndex(of: ")")
        else { return nil }
        // Fields from the third on; the name before may hold anything.
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let threads = Int(fields[17]), let pages = UInt64(fields[21])
        else { return nil }
        return Reading(
            cpuSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))),
            residentBytes: pages * UInt64(sysconf(Int32(_SC_PAGESIZE))),
            threads: threads
        )
    }
}
