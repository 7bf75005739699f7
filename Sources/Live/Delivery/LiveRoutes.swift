package import MediaHTTP
package import NIOCore
import Segmenting

/// Everything under `/live/`: from an address to a stream to an answer.
///
/// On the connection's event loop, from memory; what is not there yet but soon will be is held by
/// the stream.
package struct LiveRoutes: MediaHandler {
    private let hub: LiveHub
    private let rendering: any LiveRendering
    private let registry: (any LiveRegistry)?
    private let clock: any LiveClock

    /// - Parameters:
    ///   - hub: the streams of this origin.
    ///   - rendering: reads addresses.
    ///   - registry: where other origins' streams are; nil: there is one origin.
    ///   - clock: what time it is, for `time`.
    package init(
        hub: LiveHub,
        rendering: any LiveRendering,
        registry: (any LiveRegistry)? = nil,
        clock: any LiveClock
    ) {
        self.hub = hub
        self.rendering = rendering
        self.registry = registry
        self.clock = clock
    }

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        let address: LiveAddress
        switch rendering.address(path: request.path) {
        case .failure(let fault): return .now(.liveAddress(fault))
        case .success(let found): address = found
        }
        if case .time = address.resource { return .now(time) }
        guard let stream = hub.stream(address.streamID) else {
            return .now(elsewhere(request, address.streamID))
        }
        return answer(address.resource, of: stream, query: request.query, on: eventLoop)
    }

    /// Wall time for `UTCTiming` of scheme `urn:mpeg:dash:utc:http-iso:2014`.
    /// ISO/IEC 23009-1 §5.8.5.7
    private var time: MediaResponse {
        MediaResponse(
            status: 200,
            kind: .other,
            contentType: "text/plain; charset=utf-8",
            cacheControl: LiveCaching.never,
            body: .bytes(ByteBuffer(string: UTCText.iso(microseconds: clock.wallMicroseconds)))
        )
    }

    private func elsewhere(_ request: MediaRequest, _ id: String) -> MediaResponse {
        guard let base = registry?.owner(of: id) else { return .unknownStream(id) }
        let query = request.query.map { "?" + $0 } ?? ""
        return .isElsewhere(base + request.path + query)
    }

    private func answer(
        _ resource: LiveAddress.Resource,
        of stream: LiveStream,
        query: String?,
        on eventLoop: any EventLoop
    ) -> MediaAnswer {
        let answers = LiveAnswers(stream: stream)
        switch resource {
        case .masterPlaylist(let scope): return .now(answers.multivariant(scope, query: query))
        case .mediaPlaylist(.live, let track):
            return answers.playlist(track, query: query, on: eventLoop)
        case .mediaPlaylist(.rewind, let track):
            return answers.rewind(track, query: query, on: eventLoop)
        case .dashManifest: return .now(answers.manifest(query: query))
        case .time: return .now(time)
        case .status: return .now(answers.status)
        case .thumbnail: return .now(answers.thumbnail)
        case .initialization(let token, let track, let number):
            return .now(answers.initialization(token, track, number))
        case .segment(let token, let track, let number):
            return answers.segment(token, track, number, on: eventLoop)
        case .part(let token, let track, let segment, let index):
            return answers.part(token, track, segment, index, on: eventLoop)
        }
    }
}
