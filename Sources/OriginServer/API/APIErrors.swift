import Hummingbird

/// Answers what no route takes, and what routes refuse without a word, as every error of the API is.
struct APIErrors<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path == "/api" || request.uri.path.hasPrefix("/api/") else {
            return try await next(request, context)
        }
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            throw APIError(error)
        }
    }
}

extension APIError {
    fileprivate init(_ error: HTTPError) {
        switch error.status {
        case .notFound:
            self.init(
                status: 404,
                code: "not_found",
                message: "There is nothing at this address."
            )
        default:
            self.init(
                status: error.status.code,
                code: "refused",
                message: error.body ?? "\(error.status.reasonPhrase)."
            )
        }
    }
}
