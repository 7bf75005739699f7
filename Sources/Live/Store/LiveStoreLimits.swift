/// Every limit of the live store and its delivery, in one place.
package struct LiveStoreLimits: Hashable, Sendable {
    /// What live playlists hold, in microseconds of media; never below three target durations.
    package var windowMicroseconds: Int64 = 60_000_000
    /// Media of one stream in memory; over it, the window shrinks to what fits.
    package var memoryBytes = 64 << 20
    /// The same where even the shortest window is more: beyond it the publish ends.
    ///
    /// 18 s, three target durations of 6 s, have so much at 120 Mbps.
    package var mostMemoryBytes = 256 << 20
    /// Requests of one stream held at once; beyond it 503.
    package var waiterCount = 50_000
    /// A request is held for so many target durations, then 503. RFC 8216bis §6.2.5.2
    package var holdTargetDurations = 3
    /// A larger thumbnail is not taken.
    package var thumbnailBytes = 1 << 20

    package init() {}
}
