import MediaHTTP
import NIOCore
import Segmenting

extension LiveAnswers {
    func initialization(_ token: String, _ track: LiveTrackID, _ number: Int) -> MediaResponse {
        guard let bytes = stream.initialization(token: token, track: track, number: number) else {
            return .notYet("The stream has no such header.", stream)
        }
        return media(.bytes(bytes), track, .initSegment, caching.segment)
    }

    /// A whole segment, or one that is followed while it grows.
    func segment(
        _ token: String,
        _ track: LiveTrackID,
        _ number: UInt64,
        on eventLoop: (any EventLoop)?
    ) -> MediaAnswer {
        let answer = stream.segment(
            token: token,
            track: track,
            number: number,
            on: eventLoop
        ) { _, outcome in
            outcome == .timedOut
                ? .heldTooLong(stream) : segment(token, track, number, on: nil).response
        }
        return answered(answer, track, caching.segment)
    }

    /// A part: held where it is hinted at, then sent whole. RFC 8216bis §6.2.6
    func part(
        _ token: String,
        _ track: LiveTrackID,
        _ segment: UInt64,
        _ index: Int,
        on eventLoop: (any EventLoop)?
    ) -> MediaAnswer {
        let answer = stream.part(
            token: token,
            track: track,
            segment: segment,
            index: index,
            on: eventLoop
        ) { _, outcome in
            outcome == .timedOut
                ? .heldTooLong(stream) : part(token, track, segment, index, on: nil).response
        }
        return answered(answer, track, caching.part)
    }

    private func answered(
        _ answer: LiveMediaAnswer,
        _ track: LiveTrackID,
        _ cacheControl: String
    ) -> MediaAnswer {
        let kind: MediaKind = track.kind == .video ? .videoSegment : .audioSegment
        switch answer {
        case .bytes(let bytes): return .now(media(.bytes(bytes), track, kind, cacheControl))
        case .growing(let segment, let sizeBytes):
            return .now(
                media(.source(segment, sizeBytes: sizeBytes), track, kind, cacheControl)
            )
        case .stored(let body): return .now(media(.stored(body), track, kind, cacheControl))
        case .held(let future): return .later(future)
        case .missing(isPast: true): return .now(.past(caching, stream))
        case .missing(isPast: false):
            return .now(.notYet("The stream has no such media.", stream))
        case .crowded: return .now(.crowded(stream))
        }
    }

    private func media(
        _ body: MediaBody,
        _ track: LiveTrackID,
        _ kind: MediaKind,
        _ cacheControl: String
    ) -> MediaResponse {
        MediaResponse(
            status: 200,
            kind: kind,
            contentType: track.kind == .video ? "video/mp4" : "audio/mp4",
            cacheControl: cacheControl,
            extraHeaders: stream.tagField,
            body: body
        )
    }
}

extension MediaAnswer {
    /// Of an answer that was asked for without waiting.
    fileprivate var response: MediaResponse {
        guard case .now(let response) = self else {
            preconditionFailure("nothing is held without an event loop")
        }
        return response
    }
}
