import MediaHTTP

/// Every error of the live addresses, with its status, its code and who may keep it.
extension MediaResponse {
    static func liveAddress(_ fault: LiveAddressFault) -> MediaResponse {
        switch fault {
        case .malformed:
            .error(
                status: 400,
                code: "malformed_address",
                message: "No address has this form.",
                cacheControl: LiveCaching.unknownStream
            )
        case .unknown:
            .error(
                status: 404,
                code: "not_found",
                message: "There is nothing at this address.",
                cacheControl: LiveCaching.unknownStream
            )
        }
    }

    static func badClip(_ failure: RewindClip.Failure, _ stream: LiveStream) -> MediaResponse {
        let reason =
            switch failure {
            case .malformed(let parameter):
                "\(parameter) must be seconds, or a time such as 2026-01-31T12:00:00Z, once."
            case .endNotBehindStart: "end must be behind start."
            }
        return .error(
            status: 400,
            code: "invalid_clip",
            message: reason,
            cacheControl: LiveCaching.unknownStream,
            extraHeaders: stream.tagField
        )
    }

    static func unknownStream(_ id: String) -> MediaResponse {
        .error(
            status: 404,
            code: "stream_not_found",
            message: "The stream \(id) is not live.",
            cacheControl: LiveCaching.unknownStream
        )
    }

    /// It may come the next moment.
    static func notYet(_ message: String, _ stream: LiveStream) -> MediaResponse {
        .error(
            status: 404,
            code: "not_found",
            message: message,
            cacheControl: LiveCaching.never,
            extraHeaders: stream.tagField
        )
    }

    static func past(_ caching: LiveCaching, _ stream: LiveStream) -> MediaResponse {
        .error(
            status: 404,
            code: "gone",
            message: "This part of the stream is no longer kept.",
            cacheControl: caching.past,
            extraHeaders: stream.tagField
        )
    }

    static func badReload(_ reason: String, _ stream: LiveStream) -> MediaResponse {
        .error(
            status: 400,
            code: "bad_reload",
            message: reason,
            cacheControl: LiveCaching.never,
            extraHeaders: stream.tagField
        )
    }

    /// Three target durations are over.
    ///
    /// RFC 8216bis §6.2.5.2
    static func heldTooLong(_ stream: LiveStream?) -> MediaResponse {
        .error(
            status: 503,
            code: "not_in_time",
            message: "What was asked for did not come in time.",
            cacheControl: LiveCaching.never,
            extraHeaders: stream?.tagField ?? []
        )
    }

    static func crowded(_ stream: LiveStream) -> MediaResponse {
        .error(
            status: 503,
            code: "overloaded",
            message: "Too many requests wait for this stream.",
            cacheControl: LiveCaching.never,
            extraHeaders: stream.tagField + [("Retry-After", "1")]
        )
    }

    static func isElsewhere(_ location: String) -> MediaResponse {
        MediaResponse(
            status: 307,
            kind: .other,
            contentType: "",
            cacheControl: LiveCaching.elsewhere,
            extraHeaders: [("Location", location)],
            body: .empty
        )
    }
}
