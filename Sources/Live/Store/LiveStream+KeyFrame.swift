package import NIOCore
import Segmenting
import Synchronization

/// Where a stream's newest key frame is in memory, for whoever makes a picture of it.
package struct LiveKeyFrame: Sendable {
    /// Names it among all of the stream's.
    package struct Identity: Hashable, Sendable {
        var token: String
        var track: LiveTrackID
        var segment: UInt64
    }

    package var identity: Identity
    package var initialization: ByteBuffer
    /// A part that begins with it.
    package var part: ByteBuffer
}

extension LiveStream {
    /// The key frame that the newest segment of the first video begins with, as far as it is in
    /// memory; nil where nobody publishes, or no video.
    package var newestKeyFrame: LiveKeyFrame? {
        state.withLock { state in
            guard let token = state.token,
                let video = state.presentation.renditions.first(where: {
                    $0.track.id.kind == .video
                }),
                let shelf = state.shelves[video.track.id]
            else { return nil }
            for segment in video.segments.reversed() where segment.token == token {
                // A group of pictures that is too long is cut where no key frame is.
                guard let first = segment.parts.first, first.isIndependent, !first.isGap,
                    let entry = shelf.entry(segment.number, token: token)
                else { continue }
                let key = LiveStreamState.InitializationKey(
                    token: token,
                    track: video.track.id,
                    number: entry.initializationNumber
                )
                guard let part = entry.body.part(0),
                    let initialization = state.initializations[key]
                else { continue }
                return LiveKeyFrame(
                    identity: .init(
                        token: token,
                        track: video.track.id,
                        segment: segment.number
                    ),
                    initialization: initialization,
                    part: part
                )
            }
            return nil
        }
    }
}
