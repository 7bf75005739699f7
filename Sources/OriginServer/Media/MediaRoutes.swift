import Cryptography
package import Live
package import MediaHTTP
package import NIOCore
package import Packaging
import Platform

/// The media listener: from a path to an asset to an answer.
///
/// Everything under `respond` runs on the connection's event loop and decides from memory; an
/// asset that is not ready is loaded elsewhere, and the answer comes later.
package struct MediaRoutes: MediaHandler {
    private let store: AssetStore
    private let live: LiveRoutes?
    private let packaging: PackagingConfiguration
    private let edgeSecret: [UInt8]

    /// - Parameters:
    ///   - store: the assets.
    ///   - live: everything under `/live/`; nil where live is off.
    ///   - packaging: how they are packaged.
    ///   - edgeSecret: what edges say in `X-Millrace-Edge`, and nobody else is answered then; empty:
    ///     everybody is.
    package init(
        store: AssetStore,
        live: LiveRoutes? = nil,
        packaging: PackagingConfiguration,
        edgeSecret: String = ""
    ) {
        self.live = live
        self.store = store
        self.packaging = packaging
        self.edgeSecret = Array(edgeSecret.utf8)
    }

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        guard edgeSecret.isEmpty || isFromEdge(request) else { return .now(Self.notAnEdge) }
        if let live, request.path.hasPrefix("/live/") {
            return live.respond(to: request, on: eventLoop)
        }
        let address: MediaAddress
        do {
            address = try MediaAddress(path: request.path)
        } catch {
            return .now(Self.refusal(error))
        }
        let query = request.query
        if let ready = store.ready(address.videoID) {
            switch answer(to: address, query: query, from: ready, on: eventLoop) {
            case .now(let response): return .now(response)
            case .later(let response): return .later(response)
            }
        }
        let answer = store.load(address.videoID, on: eventLoop).flatMap { result in
            switch self.answer(to: address, query: query, from: result, on: eventLoop) {
            case .now(let response): eventLoop.makeSucceededFuture(response)
            case .later(let response): response
            }
        }
        return .later(answer)
    }

    private func isFromEdge(_ request: MediaRequest) -> Bool {
        guard let said = request.header("x-millrace-edge") else { return false }
        return ConstantTime.isEqual(Array(said.utf8).span, edgeSecret.span)
    }

    private static var notAnEdge: MediaResponse {
        .error(
            status: 403,
            code: "not_an_edge",
            message: "this listener answers edges that know its secret"
        )
    }

    private enum Answer {
        case now(MediaResponse)
        case later(EventLoopFuture<MediaResponse>)
    }

    private func answer(
        to address: MediaAddress,
        query: String?,
        from lookUp: AssetStore.LookUp,
        on eventLoop: any EventLoop
    ) -> Answer {
        let asset: LoadedAsset
        switch lookUp {
        case .failure(let failure): return .now(Self.failure(failure, video: address.videoID))
        case .success(let loaded): asset = loaded
        }
        let answers = AssetAnswers(asset: asset, packaging: packaging)
        do {
            return .now(try answers.answer(address.resource, query: query))
        } catch let missing as AssetAnswers.NotReady {
            let body = progressiveBody(missing.quality, for: answers, on: eventLoop)
            return .later(
                body.map { answers.progressive($0) }
                    .flatMapErrorThrowing { Self.failure($0, video: address.videoID) }
            )
        } catch {
            return .now(Self.failure(error, video: address.videoID))
        }
    }

    /// One quality as a file, made once for all who wait for it.
    private func progressiveBody(
        _ quality: String,
        for answers: AssetAnswers,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<StoredBody> {
        let promise = eventLoop.makePromise(of: StoredBody.self)
        let flights = answers.asset.progressiveFlights
        if flights.join(quality, { promise.completeWith($0) }) {
            store.onThread(on: eventLoop) { [store] in
                let body = try answers.makeProgressiveBody(quality)
                store.makeRoom()
                return body
            }
            .whenComplete { flights.finish(quality, with: $0) }
        }
        return promise.futureResult
    }

    private static func failure(_ failure: AssetFailure, video id: String) -> MediaResponse {
        let error = APIError(failure, video: id)
        // A video that comes should be seen soon; one that fails should be tried again soon.
        return .error(
            status: error.statusCode,
            code: error.code,
            message: error.message,
            cacheControl: failure == .unknown ? "public, max-age=2" : "no-store"
        )
    }

    private static func refusal(_ error: MediaAddressError) -> MediaResponse {
        switch error {
        case .malformed:
            .error(status: 400, code: "malformed_address", message: "No address has this form.")
        case .unknown:
            .error(status: 404, code: "not_found", message: "There is nothing at this address.")
        }
    }

    /// The one table of what packaging's errors are in HTTP.
    private static func failure(_ error: any Error, video id: String) -> MediaResponse {
        switch error as? PackagingError {
        case .notFound:
            return .error(
                status: 404,
                code: "not_found",
                message: "The video \(id) has no such track, segment or format.",
                cacheControl: "public, max-age=2"
            )
        case .invalidClip:
            return .error(
                status: 400,
                code: "invalid_clip",
                message: "\(PackagingError.invalidClip)."
            )
        default:
            return .error(
                status: 502,
                code: "video_broken",
                message: "The video \(id) cannot be packaged: \(error)."
            )
        }
    }
}
