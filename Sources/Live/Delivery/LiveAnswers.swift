import MediaHTTP
import NIOCore
import Segmenting

/// What requests for one stream's playlists, manifests and media get.
struct LiveAnswers: Sendable {
    let stream: LiveStream
    let caching: LiveCaching

    init(stream: LiveStream) {
        self.stream = stream
        caching = LiveCaching(targetDurationSeconds: stream.targetDurationSeconds)
    }

    // MARK: - Playlists and manifests

    func multivariant(_ scope: LiveAddress.Scope, query: String?) -> MediaResponse {
        guard scope == .live else { return rewound(nil, query: query) }
        guard let edition = stream.edition, !edition.presentation.renditions.isEmpty else {
            return .notYet("The stream has no media yet.", stream)
        }
        return playlist(edition.multivariant, .masterPlaylist, caching.playlist)
    }

    /// A media playlist of the rewind window; a thread makes it where it is long.
    func rewind(
        _ track: LiveTrackID,
        query: String?,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        let clip = query.flatMap { try? RewindClip(query: $0) }
        guard let archive = stream.archive, archive.isLong(track, clip: clip) else {
            return .now(rewound(track, query: query))
        }
        let promise = eventLoop.makePromise(of: MediaResponse.self)
        archive.perform { promise.succeed(rewound(track, query: query)) }
        return .later(promise.futureResult)
    }

    /// A playlist of the rewind window, or of the clip of it that the query names; the multivariant
    /// one without a track.
    private func rewound(_ track: LiveTrackID?, query: String?) -> MediaResponse {
        let kind: MediaKind = track == nil ? .masterPlaylist : .mediaPlaylist
        let text: CompressibleText?
        do throws(RewindClip.Failure) {
            if let query, let clip = try RewindClip(query: query) {
                text = stream.archive?.clip(track, clip)
            } else if let track {
                text = stream.archive?.rewindPlaylist(track)
            } else {
                text = stream.archive?.rewindMultivariant()
            }
        } catch {
            return .badClip(error, stream)
        }
        guard let text else { return .notYet("The stream has no such rewind window.", stream) }
        return playlist(text, kind, caching.playlist)
    }

    func playlist(
        _ track: LiveTrackID,
        query: String?,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        // Without a part the segment need not be whole yet: `docs/decisions/0012`.
        let isLasting = query.flatMap { try? LiveQuery($0) }?.part != nil
        let blockingLife = isLasting ? caching.blockingPlaylist : caching.playlist
        let answer = stream.playlist(track, query: query, on: eventLoop) { edition, skip, outcome in
            guard outcome != .timedOut, let edition else { return .heldTooLong(stream) }
            // What is let go because the source went is not what the address asks for.
            let life = outcome == .ready ? blockingLife : LiveCaching.never
            return playlist(edition.playlist(track, skip: skip), .mediaPlaylist, life)
        }
        switch answer {
        case .ready(let edition, let skip, let isBlocking):
            let life = isBlocking ? blockingLife : caching.playlist
            return .now(playlist(edition.playlist(track, skip: skip), .mediaPlaylist, life))
        case .held(let future): return .later(future)
        case .badRequest(let reason): return .now(.badReload(reason, stream))
        case .unknownTrack: return .now(.notYet("The stream has no such track.", stream))
        case .crowded: return .now(.crowded(stream))
        }
    }

    private func playlist(
        _ text: CompressibleText,
        _ kind: MediaKind,
        _ cacheControl: String
    ) -> MediaResponse {
        MediaResponse(
            status: 200,
            kind: kind,
            contentType: "application/vnd.apple.mpegurl",
            cacheControl: cacheControl,
            extraHeaders: stream.tagField,
            body: .text(text)
        )
    }

    func manifest(query: String?) -> MediaResponse {
        let addressing = LiveDASHAddressing(query: query ?? "")
        guard let text = stream.edition?.manifest(addressing), text.identity.readableBytes > 0
        else { return .notYet("The stream has no media yet.", stream) }
        return MediaResponse(
            status: 200,
            kind: .manifest,
            contentType: "application/dash+xml",
            cacheControl: caching.playlist,
            extraHeaders: stream.tagField,
            body: .text(text)
        )
    }

    // MARK: - About the stream

    var status: MediaResponse {
        MediaResponse(
            status: 200,
            kind: .other,
            contentType: "application/json",
            cacheControl: LiveCaching.status,
            extraHeaders: stream.tagField,
            body: .bytes(ByteBuffer(string: LiveStatusText.json(stream.snapshot)))
        )
    }

    var thumbnail: MediaResponse {
        guard let picture = stream.thumbnail else {
            return .notYet("The stream has no picture yet.", stream)
        }
        return MediaResponse(
            status: 200,
            kind: .other,
            contentType: "image/jpeg",
            cacheControl: LiveCaching.thumbnail,
            extraHeaders: stream.tagField,
            body: .bytes(picture)
        )
    }
}
