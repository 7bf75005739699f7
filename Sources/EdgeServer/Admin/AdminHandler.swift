package import MediaHTTP
package import NIOCore

/// The operator's listener: health, metrics, status.
///
/// Never part of a public listener.
package struct AdminHandler: MediaHandler {
    let status: EdgeStatus

    package func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        switch request.path {
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
