package import MediaHTTP
package import NIOCore
package import Segmenting

/// Keeps what was published, on disk: the recording, which is the rewind window's store as well.
///
/// From the publisher's thread unless said otherwise; none of it blocks on a disk.
package protocol LiveArchive: AnyObject, Sendable {
    /// A publish of the stream begins; its media carry `token`.
    func begin(token: String, startMicroseconds: Int64, continuation: LiveContinuation)

    /// What the segmenter told, in order; `bytes` are a part's header and payload in one, shared
    /// with those who serve it, nothing for other actions.
    func receive(_ action: SegmenterAction, bytes: ByteBuffer?)

    /// The publish is over: the recording becomes a video.
    func end()

    /// Where a complete segment lies on disk, nil while it is not all written or no longer kept.
    /// From any thread; must not block.
    func segment(token: String, track: LiveTrackID, number: UInt64) -> StoredBody?

    /// Where one part of it lies; likewise.
    func part(token: String, track: LiveTrackID, number: UInt64, index: Int) -> StoredBody?

    /// An init segment of a publish in the window.
    func initialization(token: String, track: LiveTrackID, number: Int) -> ByteBuffer?

    /// The playlist of the rewind window as it is now; nil for an unknown track or where there is
    /// no window. Made at most once per change, shared by all who ask. From any thread; quick.
    func rewindPlaylist(_ track: LiveTrackID) -> CompressibleText?

    /// The multivariant playlist of the window.
    func rewindMultivariant() -> CompressibleText?

    /// A playlist of a part of the window that never changes; the multivariant one without a
    /// track. nil where the window has nothing of it.
    func clip(_ track: LiveTrackID?, _ clip: RewindClip) -> CompressibleText?

    /// Whether making this text takes longer than an event loop may: `perform` it then.
    func isLong(_ track: LiveTrackID?, clip: RewindClip?) -> Bool

    /// Does work on a thread that may take its time. From any thread.
    func perform(_ work: @escaping @Sendable () -> Void)

    /// What the live playlists of an earlier life told last, of this duration; nil where nothing of
    /// that is kept. Before the first publish.
    func livePresentation(
        lastingMicroseconds: Int64,
        lowLatency: LowLatencyOffer
    ) -> LivePresentation?

    /// How it does, for a stream's status.
    var facts: LiveArchiveFacts { get }
}

extension LiveArchive {
    package func isLong(_ track: LiveTrackID?, clip: RewindClip?) -> Bool { false }

    package func perform(_ work: @escaping @Sendable () -> Void) { work() }

    package func livePresentation(
        lastingMicroseconds: Int64,
        lowLatency: LowLatencyOffer
    ) -> LivePresentation? { nil }
}

/// What a stream's status tells of its archive.
package struct LiveArchiveFacts: Hashable, Sendable {
    /// The id that the newest publish's video has or will have; empty where there is none.
    package var recordingID = ""
    /// Nothing of it was lost.
    package var isComplete = true
    /// What the disk said last, empty while all is well.
    package var problem = ""
    /// How far back viewers can go now.
    package var rewindMicroseconds: Int64 = 0

    package init() {}
}
