package import MediaHTTP

/// The one table from what failed upstream to what a viewer is told.
package enum UpstreamFailure {
    package static func response(_ error: UpstreamError) -> MediaResponse {
        switch error {
        case .noOrigin, .cannotConnect:
            unavailable("origin_unavailable", "no origin answers; try again")
        case .tooManyCalls:
            unavailable("overloaded", "too many requests wait for an origin; try again")
        case .timedOut:
            .error(status: 504, code: "origin_timeout", message: "no origin answered in time")
        case .closed, .malformed, .cancelled:
            .error(status: 502, code: "origin_failed", message: "the origin's answer was broken")
        }
    }

    /// The request has been here before. RFC 5842 §7.2
    package static var loop: MediaResponse {
        .error(
            status: 508,
            code: "loop",
            message: "this edge has passed this request on before"
        )
    }

    private static func unavailable(_ code: String, _ message: String) -> MediaResponse {
        .error(status: 503, code: code, message: message, extraHeaders: [("Retry-After", "1")])
    }
}
