import Live
import MediaHTTP
import NIOCore
import Segmenting
import Synchronization

/// An archive that remembers what it was told, and has on disk what a test says.
final class FakeArchive: LiveArchive {
    struct State {
        var events: [String] = []
        /// Segments that are on disk, up to this number.
        var keptBelow: UInt64 = 0
        var body: StoredBody?
        var rewind: CompressibleText?
    }

    let state = Mutex(State())
    var events: [String] { state.withLock { $0.events } }

    func begin(token: String, startMicroseconds: Int64, continuation: LiveContinuation) {
        state.withLock { $0.events.append("begin \(continuation.nextSegmentNumber)") }
    }

    func receive(_ action: SegmenterAction, bytes: ByteBuffer?) {
        let text =
            switch action {
            case .initialization(let header): "init \(header.number)"
            case .lowLatency: "lowLatency"
            case .segmentBegan(let start): "\(start.track.name) \(start.number) began"
            case .part(let part):
                "\(part.track.name) \(part.segmentNumber).\(part.index) \(bytes?.readableBytes ?? 0)"
            case .segmentEnded(let end): "\(end.track.name) \(end.number) ended"
            case .event: "event"
            }
        state.withLock { $0.events.append(text) }
    }

    func clip(_ track: LiveTrackID?, _ clip: RewindClip) -> CompressibleText? { nil }
    var facts: LiveArchiveFacts { LiveArchiveFacts() }

    func end() {
        state.withLock { $0.events.append("end") }
    }

    func segment(token: String, track: LiveTrackID, number: UInt64) -> StoredBody? {
        state.withLock { number < $0.keptBelow ? $0.body : nil }
    }

    func part(token: String, track: LiveTrackID, number: UInt64, index: Int) -> StoredBody? {
        segment(token: token, track: track, number: number)
    }

    func initialization(token: String, track: LiveTrackID, number: Int) -> ByteBuffer? { nil }
    func rewindPlaylist(_ track: LiveTrackID) -> CompressibleText? { state.withLock { $0.rewind } }
    func rewindMultivariant() -> CompressibleText? { state.withLock { $0.rewind } }
}
