internal import Glibc

/// The process's own outputs, written without a word of Foundation.
package enum StandardStreams {
    package static func output(_ text: String) { write(Array(text.utf8), to: 1) }

    /// What a full or closed pipe does not take is lost: nobody is there to tell.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// The wall clock.
package enum WallClock {
    package static func unixSeconds() -> Int64 { Int64(time(nil)) }

    /// Microseconds since 1970.
    package static func unixMicroseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}
