import Foundation

/// Stops a process, and returns when all its threads stand still: a signal only asks for it, and a
/// thread that runs on another processor may answer once more.
///
/// - Parameter pid: the process.
/// - Throws: `Tool.Failed` where it still runs after 10 seconds.
package func freeze(_ pid: Int32) throws {
    kill(pid, SIGSTOP)
    let start = ContinuousClock.now
    while !isFrozen(pid) {
        guard ContinuousClock.now - start < .seconds(10) else {
            throw Tool.Failed(description: "process \(pid) does not stop")
        }
        sched_yield()
    }
}

/// By the state of each thread, behind the program's name. proc(5), /proc/pid/stat
private func isFrozen(_ pid: Int32) -> Bool {
    let folder = "/proc/\(pid)/task"
    guard let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        return false
    }
    return threads.allSatisfy { thread in
        guard let text = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8),
            let name = text.lastIndex(of: ")")
        else { return false }
        return text[name...].dropFirst(2).first == "T"
    }
}
