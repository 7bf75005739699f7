import Hummingbird
import Platform

/// `/api/v1/…`: what the library holds, as JSON.
struct APIRoutes {
    let catalog: VideoCatalog

    func add(to router: Router<some RequestContext>) {
        router.get("/api/v1/openapi.json") { _, _ in Response.json(OpenAPIDocument.json) }
        router.get("/api/v1/videos") { request, _ in
            let query = request.uri.queryParameters
            let limit = try Self.limit(query["limit"].map(String.init))
            let cursor = query["cursor"].map(String.init)
            let page = try await catalog.videos(after: cursor, limit: limit)
            let videos = page.videos.map(\.json).joined(separator: ",")
            let next = page.nextCursor.map(JSONText.quoted) ?? "null"
            return Response.json("{\"videos\":[\(videos)],\"next_cursor\":\(next)}")
        }
        router.get("/api/v1/videos/:id") { _, context in
            let id = try context.parameters.require("id")
            switch await catalog.video(id) {
            case .success(let facts): return Response.json(facts.json)
            case .failure(let failure): throw APIError(failure, video: id)
            }
        }
    }

    private static let defaultLimit = 50
    private static let maximumLimit = 200

    private static func limit(_ text: String?) throws(APIError) -> Int {
        guard let text else { return defaultLimit }
        guard let limit = Int(text), (1...maximumLimit).contains(limit) else {
            throw APIError(
                status: 400,
                code: "invalid_limit",
                message: "limit must be a whole number from 1 to \(maximumLimit).",
                field: "limit"
            )
        }
        return limit
    }
}
