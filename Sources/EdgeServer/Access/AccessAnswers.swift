package import MediaHTTP

// What clients are told: the status, and nothing of why.

extension AccessRefusal {
    /// The answer to a refused request.
    package var response: MediaResponse {
        switch status {
        case 400:
            .error(status: 400, code: "bad_address", message: "this is no address")
        case 429:
            .error(
                status: 429,
                code: "too_many_requests",
                message: "wait before the next request",
                extraHeaders: [("Retry-After", "\(retryAfterSeconds ?? 1)")]
            )
        default:
            .error(status: 403, code: "forbidden", message: "this address is not open to you")
        }
    }
}

extension AccessDecision {
    /// The answer where there is one: a refusal, or a redirect.
    package var response: MediaResponse? {
        switch self {
        case .allowed: nil
        case .refused(let refusal): refusal.response
        case .redirect(let address):
            MediaResponse(
                status: 307,
                kind: .other,
                contentType: "text/plain",
                cacheControl: "no-store",
                extraHeaders: [("Location", address)],
                body: .empty
            )
        }
    }
}
