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

    func multivariant(_ scope: LiveAddress.Scope) -> MediaResponse {
        let text =
            switch scope {
            case .live: stream.edition?.multivariant
            case .rewind: stream.archive?.rewindMultivariant()
            }
        guard let text else { return .notYet("The stream has no media yet.", stream) }
        return playlist(text, .masterPlaylist, caching.playlist)
    }

    func rewind(_ track: LiveTrackID) -> MediaResponse {
        guard let text = stream.archive?.rewindPlaylist(track) else {
            return .notYet("The stream has no such rewind window.", stream)
        }
        return playlist(text, .mediaPlaylist, caching.playlist)
    }

    func playlist(
        _ track: LiveTrackID,
        query: String?,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        let answer = stream.playlist(track, query: query, on: eventLoop) { edition, skip, outcome in
            guard outcome != .timedOut, let edition else { return .heldTooLong(stream) }
            // What is let go because the source went is not what the address asks for.
            let life = outcome == .ready ? caching.blockingPlaylist : LiveCaching.never
            return playlist(edition.playlist(track, skip: skip), .mediaPlaylist, life)
        }
        switch answer {
        case .ready(let edition, let skip, let isBlocking):
            let life = isBlocking ? caching.blockingPlaylist : caching.playlist
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
