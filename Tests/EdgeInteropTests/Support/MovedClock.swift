import Foundation
import TestSupport

/// A wall clock that a test sets, for a process of its own; what counts time on goes on as it is.
///
/// A library that is loaded before all others stands in for the system's calls and adds an offset, which
/// it reads from a file.
struct MovedClock {
    private let folder: TemporaryFolder
    private let offset: String
    private let library: String

    /// - Throws: what the compiler says.
    init() async throws {
        folder = try TemporaryFolder()
        offset = try folder.write("offset", [UInt8](repeating: 0, count: 8))
        library = folder.path("clock.so")
        let source = try folder.write("clock.c", Self.source.utf8)
        let compiler = "exec \"$(command -v clang || command -v cc)\" \"$@\""
        try await Tool.run(
            "sh",
            ["-c", compiler, "cc", "-O1", "-shared", "-fPIC", "-o", library, source]
        )
    }

    /// Of the process whose clock it is to be.
    var environment: [String: String] { ["LD_PRELOAD": library, "MOVED_CLOCK": offset] }

    /// Moves it so far from the true time, at once.
    func move(toSeconds seconds: Int64) throws {
        // In place, as the process has the file in its memory.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: offset))
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> ($0 * 8)) }
        try file.write(contentsOf: bytes)
        try file.close()
    }

    private static let source = """
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static volatile long long none, *offset = &none;

        __attribute__((constructor)) static void attach(void) {
            int file = open(getenv("MOVED_CLOCK"), O_RDONLY | O_CLOEXEC);
            void *bytes = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
            if (file < 0 || bytes == MAP_FAILED) abort();
            offset = bytes;
            close(file);
        }

        int clock_gettime(clockid_t id, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, id, now);
            if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
                now->tv_sec += *offset;
            return result;
        }

        time_t time(time_t *out) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (out) *out = now.tv_sec;
            return now.tv_sec;
        }

        int gettimeofday(struct timeval *out, void *zone) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            out->tv_sec = now.tv_sec;
            out->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        """
}
