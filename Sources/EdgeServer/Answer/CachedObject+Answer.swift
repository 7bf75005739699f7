package import EdgeCache
package import MediaHTTP

/// The answer that an object gives, made once and kept with it.
final class PreparedAnswer: Sendable {
    let response: MediaResponse

    init(_ response: MediaResponse) {
        self.response = response
    }
}

extension CachedObject {
    /// The object with its answer made, as the memory tier keeps it.
    package func prepared(_ target: MediaTarget) -> CachedObject {
        if attachment is PreparedAnswer { return self }
        let isText = target.kind.isText && head.status == 200
        let body: MediaBody =
            isText ? .text(CompressibleText(buffer: self.body)) : .bytes(self.body)
        let response = AnswerTemplate(head, target).response(body)
        return CachedObject(
            head: head,
            body: self.body,
            freshness: freshness,
            kind: kind,
            attachment: PreparedAnswer(response)
        )
    }

    /// As it is told now, its age with it.
    ///
    /// - Precondition: it was prepared.
    package func answer(at now: Int64) -> MediaResponse {
        guard let prepared = attachment as? PreparedAnswer else {
            preconditionFailure("what memory keeps is prepared")
        }
        var response = prepared.response
        response.ageSeconds = freshness.ageSeconds(at: now)
        return response
    }
}
