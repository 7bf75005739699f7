import NIOCore
import Platform

/// What a client hears of an upstream that gave no answer: the one table from error to status.
/// RFC 9110 §15.6
struct PassThroughFailure {
    let status: Int
    let code: String
    let message: String
    let retryAfterSeconds: Int?

    init(_ error: UpstreamError) {
        switch error {
        case .noOrigin:
            self.init(503, "no_origin", "no origin is there to answer; try again", retryAfter: 2)
        case .tooManyCalls:
            self.init(
                503,
                "overloaded",
                "too many requests are under way; try again",
                retryAfter: 1
            )
        case .timedOut:
            self.init(504, "origin_timeout", "the origin took too long to answer")
        case .cannotConnect:
            self.init(502, "origin_unreachable", "the origin cannot be reached")
        case .closed, .cancelled:
            self.init(502, "origin_closed", "the origin closed the connection without an answer")
        case .malformed:
            self.init(502, "origin_malformed", "the origin's answer cannot be read")
        }
    }

    /// The origin switched protocols though nobody asked it to. RFC 9110 §15.2.2
    static let unexpectedSwitch = PassThroughFailure(.malformed)

    private init(_ status: Int, _ code: String, _ message: String, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfter
    }

    var fields: [(String, String)] {
        var fields = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        if let retryAfterSeconds { fields.append(("Retry-After", String(retryAfterSeconds))) }
        return fields
    }

    var body: ByteBuffer {
        let code = JSONText.quoted(code)
        let message = JSONText.quoted(message)
        return ByteBuffer(string: #"{"error":{"code":\#(code),"message":\#(message)}}"# + "\n")
    }
}
