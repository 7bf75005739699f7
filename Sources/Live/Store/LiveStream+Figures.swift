package import NIOCore
package import Segmenting
import Synchronization

/// A stream at a glance.
package struct LiveSnapshot: Sendable {
    package enum Phase: String, Hashable, Sendable {
        /// Somebody publishes.
        case live
        /// Nobody does, and it may go on.
        case waiting
        case ended
    }

    package var id: String
    package var phase: Phase
    package var statistics: LiveStatistics
    package var lowLatency: LowLatencyOffer
    package var targetDurationSeconds: Int
    package var tracks: [LiveTrack]
    package var firstSegmentNumber: UInt64?
    package var lastSegmentNumber: UInt64?
    /// Requests held now, for playlists and for media.
    package var waiting: Int
    /// Who watches, as far as this origin sees it.
    ///
    /// Requests held for the first track's playlist, as
    /// each low-latency player has one almost always, and those that were not held in the last
    /// target duration, as each other player makes one. Behind an edge, the edge counts once.
    package var viewers: Int
    package var memoryBytes: Int
    package var windowMicroseconds: Int64
    /// nil where nothing is kept on disk.
    package var archive: LiveArchiveFacts?
}

extension LiveStream {
    package var snapshot: LiveSnapshot {
        // Asked before the lock is taken: the archive has one of its own.
        let archiveFacts = archive?.facts
        return state.withLock { state in
            let first = state.presentation.renditions.first
            let recent = state.statistics.requests.count(
                at: clock.steadyMicroseconds,
                periodMicroseconds: Int64(targetDurationSeconds) * 1_000_000
            )
            let held = first.map { state.waiters.playlistCount(of: $0.track.id) } ?? 0
            return LiveSnapshot(
                id: id,
                phase: state.presentation.isEnded
                    ? .ended : state.token == nil ? .waiting : .live,
                statistics: state.statistics,
                lowLatency: state.presentation.lowLatency,
                targetDurationSeconds: targetDurationSeconds,
                tracks: state.presentation.renditions.map(\.track),
                firstSegmentNumber: first?.segments.first?.number,
                lastSegmentNumber: first?.segments.last?.number,
                waiting: state.waiters.count,
                viewers: held + recent,
                memoryBytes: state.memoryBytes,
                windowMicroseconds: state.windowMicroseconds,
                archive: archiveFacts
            )
        }
    }

    /// Told by the publish whose media is taken.
    func update(_ token: String, _ change: (inout LiveStatistics) -> Void) {
        state.withLock { state in
            guard state.token == token else { return }
            change(&state.statistics)
        }
    }

    package var thumbnail: ByteBuffer? { state.withLock { $0.thumbnail } }

    /// Sets the picture at `thumbnail.jpg`; whoever decodes key frames does.
    ///
    /// - Returns: whether it was taken: not where it is too large.
    @discardableResult
    package func setThumbnail(_ jpeg: ByteBuffer?) -> Bool {
        guard jpeg?.readableBytes ?? 0 <= limits.thumbnailBytes else { return false }
        state.withLock { $0.thumbnail = jpeg }
        return true
    }
}
