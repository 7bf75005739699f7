package import EdgeCache
package import MediaHTTP
import NIOCore

/// The head of an answer as viewers get it, made once for each object.
package struct AnswerTemplate: Sendable {
    package let head: StoredHead
    private let response: MediaResponse

    /// - Parameters:
    ///   - head: as kept.
    ///   - target: what was asked for.
    package init(_ head: StoredHead, _ target: MediaTarget) {
        self.head = head
        response = MediaResponse(
            status: head.status,
            kind: head.status < 400 ? target.mediaKind : .error,
            contentType: head.contentType,
            cacheControl: head.cacheControl,
            entityTag: head.entityTag,
            lastModified: head.lastModified,
            extraHeaders: head.fieldsForPlayers,
            body: .empty
        )
    }

    package func response(_ body: MediaBody, ageSeconds: Int64? = nil) -> MediaResponse {
        var response = response
        response.body = body
        response.ageSeconds = ageSeconds
        return response
    }
}
