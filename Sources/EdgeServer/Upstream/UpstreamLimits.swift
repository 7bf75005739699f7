package import NIOCore

/// Every limit of the upstream client that no configuration sets, in one place.
package struct UpstreamLimits: Hashable, Sendable {
    // MARK: - Answers

    /// An answer's head, its status line included.
    package var headSizeBytes = 32 * 1024
    /// Field lines of a head.
    package var fieldCount = 128
    /// Interim answers before the final one.
    package var interimCount = 16
    /// Digits of a chunk's size: 2^60 bytes are enough for anybody, and cannot overflow.
    package var chunkSizeDigitCount = 15
    /// A chunk's extensions, which are dropped.
    package var chunkExtensionSizeBytes = 256
    /// All of a chunked body's trailers, which are dropped.
    package var trailerSizeBytes = 8 * 1024

    // MARK: - Connections

    /// A read of the socket where no large body is under way.
    package var smallReadSizeBytes = 32 * 1024
    /// A read of the socket while a large body is arriving, and so what a receiver still gets after
    /// it stopped.
    ///
    /// Larger reads cost more, not less: 1.5 MB took 309-359 µs of CPU by 128 KiB, 336-368 by
    /// 256 KiB, 341-411 by 512 KiB and 414-487 by 1 MiB.
    package var largeReadSizeBytes = 128 * 1024
    /// A slice that fills less of its memory than one part in this many is copied, so that what
    /// keeps it does not keep the rest as well.
    package var sparseSliceDivisor = 4
    /// Bytes of a request's body that wait in the connection before its sender is told to wait.
    package var unsentSizeBytes = 256 * 1024

    // MARK: - Time

    /// How often limits of time are checked while there is anything to check.
    package var tick = TimeAmount.milliseconds(50)
    /// How long an origin's addresses are believed.
    package var addressLife = TimeAmount.seconds(30)
    /// The least that one address gets to answer when several share a call's time to connect.
    package var shortestAttempt = TimeAmount.milliseconds(250)
    /// Addresses of one name that are tried.
    package var addressCount = 8

    package init() {}
}
