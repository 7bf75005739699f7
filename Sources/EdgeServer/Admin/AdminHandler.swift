import EdgeCache
package import MediaHTTP
package import NIOCore

/// The operator's listener: health, metrics, status, purging.
///
/// Never part of a public listener.
package struct AdminHandler: MediaHandler {
    let status: EdgeStatus
    let purging: Purging

    package var takesAllMethods: Bool { true }

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        if request.path == "/purge" { return purge(request, on: eventLoop) }
        guard request.method == .get || request.method == .head else {
            return .now(
                .error(
                    status: 405,
                    code: "method_not_allowed",
                    message: "only GET and HEAD are answered here",
                    extraHeaders: [("Allow", "GET, HEAD")]
                )
            )
        }
        return switch request.path {
        case "/healthz": .now(.text("ok\n"))
        case "/readyz": .now(ready())
        case "/metrics": .now(.text(status.metrics(), type: "text/plain; version=0.0.4"))
        case "/status": .now(.text(status.json(), type: "application/json"))
        default:
            .now(.error(status: 404, code: "not_found", message: "There is nothing here."))
        }
    }

    private func ready() -> MediaResponse {
        let problems = status.problems()
        guard !problems.isEmpty else { return .text("ready\n") }
        return .text(problems.map { $0 + "\n" }.joined(), status: 503)
    }

    /// `POST /purge?what`: an address, an address that ends with `*`, a tag, or `*`.
    private func purge(_ request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        guard request.methodText == "POST" else {
            return .now(
                .error(
                    status: 405,
                    code: "method_not_allowed",
                    message: "purging is a POST",
                    extraHeaders: [("Allow", "POST")]
                )
            )
        }
        guard let what = request.query.flatMap(PercentEncoding.decoded),
            let target = PurgeTarget(what)
        else {
            return .now(
                .error(
                    status: 400,
                    code: "malformed_purge",
                    message: "the query must be an address, the beginning of one and *, a tag or *"
                )
            )
        }
        return .later(
            purging.purge(target, on: eventLoop)
                .map { .text("{\"purged\":\($0)}\n", type: "application/json") }
        )
    }
}

extension MediaResponse {
    fileprivate static func text(
        _ text: String,
        type: String = "text/plain",
        status: Int = 200
    ) -> MediaResponse {
        MediaResponse(
            status: status,
            kind: .other,
            contentType: type,
            cacheControl: "no-store",
            body: .bytes(ByteBuffer(string: text))
        )
    }
}
