internal import Glibc

/// A process of the system, told from a later one of the same number by when it started.
struct RunningProcess {
    let pid: Int32
    /// The program's name first.
    let arguments: [String]
    /// As in field 22 of `/proc/PID/stat`.
    private let startTime: String

    /// Nothing where there is no such process.
    init?(pid: Int32) {
        guard pid > 1, let startTime = Self.startTime(of: pid),
            let line = Self.read("/proc/\(pid)/cmdline")
        else { return nil }
        self.pid = pid
        self.startTime = startTime
        arguments = line.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    var isRunning: Bool { Self.startTime(of: pid) == startTime }

    func signal(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// Nothing for one that has ended and was not waited for.
    private static func startTime(of pid: Int32) -> String? {
        guard let line = read("/proc/\(pid)/stat"),
            // The second field is the name in parentheses, which may have any character.
            let nameEnd = line.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = line[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, fields[0].first != UInt8(ascii: "Z") else { return nil }
        return String(decoding: fields[19], as: UTF8.self)
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let capacity = 16 << 10
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = max(0, unsafe Glibc.read(file, buffer.baseAddress, capacity))
        }
        return bytes.isEmpty ? nil : bytes
    }
}
