import Glibc
import Testing
import Transcoding

struct ChildProcessTests {
    /// A child reads hostile files: what the origin has open is not to be within its reach.
    @Test func noDescriptorIsInherited() throws {
        let open = unsafe Glibc.open("/dev/null", O_RDONLY)
        defer { close(open) }
        // Far from the numbers that the child opens for itself.
        let leaked = fcntl(open, F_DUPFD, 300)
        defer { close(leaked) }
        #expect(leaked >= 300)
        let child = try ChildProcess(["/bin/sh", "-c", "ls /proc/self/fd"])
        var output: [UInt8] = []
        while let bytes = child.read(milliseconds: 10_000), !bytes.isEmpty { output += bytes }
        #expect(child.wait() == .exited(0))
        let numbers = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(numbers.contains("0"))
        #expect(!numbers.contains(Substring("\(leaked)")))
    }
}
