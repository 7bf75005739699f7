import HTTPTypes
import Hummingbird
import NIOCore
import Platform

/// An error as every JSON address of the origin says it.
struct APIError: Error, Hashable, Sendable {
    var statusCode: Int
    var code: String
    var message: String
    var field: String?

    init(status statusCode: Int, code: String, message: String, field: String? = nil) {
        self.statusCode = statusCode
        self.code = code
        self.message = message
        self.field = field
    }

    var json: String {
        let tail = field.map { ",\"field\":\(JSONText.quoted($0))" } ?? ""
        return "{\"error\":{\"code\":\(JSONText.quoted(code)),"
            + "\"message\":\(JSONText.quoted(message))\(tail)}}"
    }
}

/// The one table of what an asset's failure is in HTTP.
extension APIError {
    init(_ failure: AssetFailure, video id: String) {
        switch failure {
        case .unknown:
            self.init(status: 404, code: "video_not_found", message: "There is no video \(id).")
        case .broken:
            self.init(
                status: 502,
                code: "video_broken",
                message: "The video \(id) cannot be packaged: \(failure)."
            )
        case .unavailable(let reason):
            self.init(
                status: 503,
                code: "video_unavailable",
                message: "The video \(id) cannot be read now: \(reason)."
            )
        }
    }
}

extension APIError: HTTPResponseError {
    var status: HTTPResponse.Status { HTTPResponse.Status(code: statusCode) }

    func response(
        from request: Request,
        context: some RequestContext
    ) throws -> Response {
        Response.json(json, status: status)
    }
}

extension Response {
    static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response.text(text, type: "application/json", status: status)
    }

    static func text(
        _ text: String,
        type: String,
        status: HTTPResponse.Status = .ok,
        cacheControl: String = "no-cache"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: cacheControl],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
