/// How many bytes of bodies may be sent, on a stream or on the connection. RFC 9113 §6.9
///
/// It may be below 0, when the client makes windows smaller that are in use.
struct HTTP2Window: Hashable, Sendable {
    static let standardBytes = 65_535
    static let largestBytes = 0x7FFF_FFFF

    private(set) var bytes: Int

    init(_ bytes: Int = standardBytes) {
        self.bytes = bytes
    }

    mutating func take(_ count: Int) {
        bytes -= count
    }

    /// Opens it further, or closes it where `count` is negative.
    ///
    /// - Returns: false where it would be larger than any window may be.
    mutating func add(_ count: Int) -> Bool {
        guard bytes + count <= Self.largestBytes else { return false }
        bytes += count
        return true
    }
}

/// What we let the client send: the standard window, opened again as its bytes are used up.
struct HTTP2ReceiveWindow: Hashable, Sendable {
    private var remainingBytes = HTTP2Window.standardBytes
    private var usedBytes = 0

    /// - Returns: false where the client sent more than it may.
    mutating func receive(_ count: Int) -> Bool {
        remainingBytes -= count
        return remainingBytes >= 0
    }

    /// Notes that received bytes are used up.
    ///
    /// - Returns: what to open the window by, now and then, or nothing.
    mutating func use(_ count: Int) -> Int? {
        usedBytes += count
        guard usedBytes >= HTTP2Window.standardBytes / 2 else { return nil }
        defer { usedBytes = 0 }
        remainingBytes += usedBytes
        return usedBytes
    }
}
