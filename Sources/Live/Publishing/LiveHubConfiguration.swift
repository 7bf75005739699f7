/// What an operator chooses about publishing.
package struct LiveHubConfiguration: Hashable, Sendable {
    /// What happens when a second publisher with the same role comes.
    package enum Takeover: String, Hashable, Sendable {
        /// It takes over.
        case replace
        /// It is refused, unless the first one is frozen.
        case reject
    }

    package var takeover = Takeover.replace
    /// A publisher that has sent no media for so long counts as frozen.
    package var frozenTime = Duration.seconds(3)
    /// How long a stream whose publisher was lost waits for one.
    package var graceTime = Duration.seconds(30)
    /// The same where the encoder said that it stops.
    package var graceTimeAfterUnpublish = Duration.seconds(30)
    /// How long playlists of a stream that ended can still be had.
    package var endedTime = Duration.seconds(300)
    package var targetDurationSeconds = 6
    package var limits = LiveStoreLimits()
    /// Streams at once, those that wait or have ended among them; a further one is refused.
    package var streamCount = 2000

    /// What a publish may hold before it is media that viewers get: frames that wait for other
    /// tracks, and open parts.
    ///
    /// 3 s of 100 Mbps; one that holds more ends.
    package var publishBytes = 40 << 20

    package init() {}
}
