package import NIOCore

/// What the stand-in answers, or until when it waits.
package struct StandInAnswer: Sendable {
    package var status = 200
    var type = "application/octet-stream"
    package var cacheControl = "no-store"
    var tags: String?
    var etag: String?
    var allowsRanges = false
    package var body = ByteBuffer()
    var location: String?

    static func text(_ status: Int, _ text: String, cacheControl: String = "no-store") -> Self {
        StandInAnswer(
            status: status,
            type: "application/json",
            cacheControl: cacheControl,
            body: ByteBuffer(string: text)
        )
    }

    /// Applies the request's conditions and range.
    ///
    /// RFC 9110 §13.1 and §14.
    func applied(to request: StandInRequest) -> (answer: StandInAnswer, contentRange: String?) {
        var answer = self
        guard status == 200 else { return (self, nil) }
        if let etag, request.ifNoneMatch == etag {
            answer.status = 304
            answer.body = ByteBuffer()
            return (answer, nil)
        }
        guard allowsRanges, let range = request.range,
            request.ifRange == nil || request.ifRange == etag
        else { return (answer, nil) }
        let size = body.readableBytes
        let first = range.first ?? max(size - (range.last ?? 0), 0)
        let last = range.first == nil ? size - 1 : min(range.last ?? size - 1, size - 1)
        guard first <= last, first < size,
            let slice = body.getSlice(at: first, length: last - first + 1)
        else {
            answer.status = 416
            answer.body = ByteBuffer()
            return (answer, "bytes */\(size)")
        }
        answer.status = 206
        answer.body = slice
        return (answer, "bytes \(first)-\(last)/\(size)")
    }

    func head(contentRange: String?, contentLength: Int, keepsAlive: Bool) -> String {
        var text = "HTTP/1.1 \(status) \(Self.reason(status))\r\nContent-Type: \(type)\r\n"
        text += "Cache-Control: \(cacheControl)\r\n"
        if let tags { text += "Cache-Tag: \(tags)\r\n" }
        if let etag { text += "ETag: \(etag)\r\n" }
        if let location { text += "Location: \(location)\r\n" }
        if allowsRanges { text += "Accept-Ranges: bytes\r\n" }
        if let contentRange { text += "Content-Range: \(contentRange)\r\n" }
        if status == 503 { text += "Retry-After: 1\r\n" }
        if !keepsAlive { text += "Connection: close\r\n" }
        if status != 304 { text += "Content-Length: \(contentLength)\r\n" }
        return text + "\r\n"
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 206: "Partial Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 416: "Range Not Satisfiable"
        case 503: "Service Unavailable"
        default: "Error"
        }
    }
}

/// What follows from a request.
package enum StandInDecision: Sendable {
    case answer(StandInAnswer)
    /// Ask again once the part exists; after the deadline it is 503.
    case wait(PartPosition)
}
