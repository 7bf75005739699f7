/// What a client is told of a body that cannot be had, while no head is sent.
extension StoredBodyError {
    var response: MediaResponse {
        .error(
            status: status,
            code: code,
            message: message,
            extraHeaders: status == 503 ? [("Retry-After", "1")] : []
        )
    }
}
