package import EdgeCache
package import MediaHTTP
import NIOCore

/// The head of an answer as viewers get it, made once for each object.
package struct AnswerTemplate: Sendable {
    package let head: StoredHead
    private let response: MediaResponse
    private let bornAt: Int64?

    /// - Parameters:
    ///   - head: as kept.
    ///   - target: what was asked for.
    ///   - bornAt: when its age was 0, where a cache upstream has told its age.
    package init(_ head: StoredHead, _ target: MediaTarget, bornAt: Int64? = nil) {
        self.head = head
        self.bornAt = bornAt
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

    /// - Parameters:
    ///   - body: as it is sent.
    ///   - now: the moment that an age is told of; monotonic milliseconds.
    /// - Returns: the answer with its body.
    package func response(_ body: MediaBody, at now: Int64 = 0) -> MediaResponse {
        var response = response
        response.body = body
        response.ageSeconds = bornAt.map { max(0, now - $0) / 1000 }
        return response
    }
}
