/// What an operator may choose about what publishers send, and every limit of reading it.
package struct LiveSourceConfiguration: Hashable, Sendable {
    /// How long the first kind of media waits for the other one, or for tracks that were announced.
    package var startWaitMicroseconds: Int64
    /// How long the first frames wait until they show a constant rate.
    package var rateWaitMicroseconds: Int64
    /// A track that says nothing for so long while others go on is gone.
    package var silenceMicroseconds: Int64
    package var limits: Limits

    package struct Limits: Hashable, Sendable {
        /// One message.
        package var messageBytes = 8 << 20
        /// A decoder configuration.
        package var configurationBytes = 64 << 10
        /// Tracks of one kind that a publish may have; more are dropped.
        package var tracks = 8
        /// What waits for a stream's start.
        package var waitingSamples = 4096
        package var waitingBytes = 32 << 20
        /// NAL units of one frame.
        package var units = 4096
        /// MP3 frames in one message.
        package var audioFrames = 64
        /// Messages in a row that cannot be understood before the publish ends.
        package var invalidMessages = 512
        /// Discontinuities within `breakMicroseconds` of arrival: each begins a segment that stays
        /// listed, however short it is.
        package var breaks = 100
        package var breakMicroseconds: Int64 = 60_000_000
        /// Presentation less decode time; what is beyond is taken for 0.
        package var compositionMilliseconds = 10_000
        /// Of arrival, without a picture that decoding can start at: before the first one, or behind
        /// it where recovery points, at least so many, stand for them.
        package var keyFrameMicroseconds: Int64 = 20_000_000
        package var recoveryPoints = 2
        /// A text, cue or ID3 tag.
        package var eventBytes = 64 << 10
        /// Bytes of a frame in which captions are looked for, and frames with such a look.
        package var captionHeadBytes = 4096
        package var captionFrames = 16

        package init() {}
    }

    package init(
        startWaitMicroseconds: Int64 = 1_000_000,
        rateWaitMicroseconds: Int64 = 500_000,
        silenceMicroseconds: Int64 = 5_000_000,
        limits: Limits = Limits()
    ) {
        self.startWaitMicroseconds = startWaitMicroseconds
        self.rateWaitMicroseconds = rateWaitMicroseconds
        self.silenceMicroseconds = silenceMicroseconds
        self.limits = limits
    }
}
