/// What publishers may take, in memory, places and time.
package struct RTMPLimits: Hashable, Sendable {
    /// Connections at once, publishing or not; each costs a thread and some 100 KB.
    package var connectionCount = 1024
    /// Connections at once of one address, or of one IPv6 network of 64 bits.
    package var connectionsPerAddress = 64
    /// Publishers at once.
    package var publisherCount = 512
    /// From the connection to the end of both handshakes, TLS and RTMP; however slowly bytes drip in.
    package var handshake = Duration.seconds(5)
    /// From the connection, or from the end of a publish, to `publish`; an absolute one too.
    package var publish = Duration.seconds(15)
    /// Without a whole message of media or data, once publishing.
    package var silence = Duration.seconds(10)
    /// For an encoder to read why it is sent away.
    package var farewell = Duration.milliseconds(500)
    /// A message of a publisher; a key frame of 50 Mbps video has some 2 MB.
    package var messageSizeBytes = 8 << 20
    /// A message before a key was accepted.
    package var commandSizeBytes = 64 << 10
    /// Of one connection: messages that have begun and are not whole.
    package var inFlightBytes = 16 << 20

    package init() {}

    /// Of the publisher's thread; receiving and segmenting stay far below.
    static let threadStackBytes = 512 << 10
    /// Chunk streams have the numbers 2..<512; encoders use fewer than ten.
    package static let chunkStreamCount = 512
    /// RTMP 1.0 §5.4.1 allows 16 MB, of which nobody has any use.
    package static let chunkSizes = 1...(1 << 20)
    /// Until the first `SetChunkSize`. RTMP 1.0 §5.4.1
    package static let initialChunkSize = 128
    /// What we send with, and ffmpeg then too: the larger, the fewer times it wakes us for a frame.
    static let sentChunkSize = 60_000
    /// Bytes after which either side wants an acknowledgement. RTMP 1.0 §5.4.4
    static let acknowledgementWindowBytes: UInt32 = 2_500_000
    /// The smallest window of an encoder that is followed: each acknowledgement is a system call.
    static let smallestWindowBytes: UInt32 = 65_536
    /// `createStream` of one connection.
    static let messageStreamCount: UInt32 = 64
    /// Of a publisher's messages: fewer wait for more of them to come, for so long.
    ///
    /// The larger, the fewer times a thread wakes; frames of less than this come later by as much as
    /// the time between frames. A bit more than that is between frames of 25 a second.
    static let gatheredBytes: Int32 = 1024
    static let gatheringMilliseconds: Int32 = 50
    /// Bytes that are read and dropped while an encoder is told why it is sent away.
    static let farewellSizeBytes = 1 << 20
    /// Connections that the kernel may hold for us.
    static let backlog: Int32 = 128
}
