package import EdgeCache
package import MediaHTTP
package import NIOCore
import Synchronization

/// The answer that an object gives, made once and kept with it.
final class PreparedAnswer: Sendable {
    let response: MediaResponse
    /// Its body may be large and not in the arena yet.
    let isMovable: Bool
    private let hits = Atomic<Int>(0)

    init(_ response: MediaResponse, isMovable: Bool) {
        self.response = response
        self.isMovable = isMovable
    }

    /// True for one caller: the second.
    func isAskedAgain() -> Bool {
        hits.wrappingAdd(1, ordering: .relaxed).newValue == 2
    }
}

extension CachedObject {
    /// The object with its answer made, as the memory tier keeps it.
    ///
    /// - Parameters:
    ///   - target: what it answers.
    ///   - services: the arena, where a large body goes that is no text; and what is put into entry
    ///     points, where players are steered.
    ///   - movesLarge: whether a large body is moved into the arena now, or when `again` says so.
    /// - Returns: an object of the same head, body and freshness.
    func prepared(
        _ target: MediaTarget,
        _ services: FillServices,
        movesLarge: Bool = true
    ) -> CachedObject {
        if attachment is PreparedAnswer { return self }
        let isText = target.kind.isText && head.status == 200
        let kept = isText || !movesLarge ? body : body.kept(in: services.arena)
        var response = AnswerTemplate(head, target).response(kept.mediaBody(isText: isText))
        if isText, let steering = services.steering {
            steering.insert(into: &response, target.mediaKind)
        }
        response.prepareFields()
        return CachedObject(
            head: head,
            body: kept,
            freshness: freshness,
            kind: kind,
            attachment: PreparedAnswer(response, isMovable: !isText && !movesLarge)
        )
    }

    /// The object moved into the arena, at its second hit; nothing at any other.
    func moved(_ target: MediaTarget, _ services: FillServices) -> CachedObject? {
        guard let prepared = attachment as? PreparedAnswer, prepared.isMovable,
            prepared.isAskedAgain()
        else { return nil }
        return CachedObject(head: head, body: body, freshness: freshness, kind: kind)
            .prepared(target, services)
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

extension MemoryRegion: ExternalBody {
    package var copied: ByteBuffer? { bytes(0..<sizeBytes) }
}

extension CachedBody {
    /// Moved into the arena where it is large.
    fileprivate func kept(in arena: MemoryArena?) -> CachedBody {
        guard case .bytes(let bytes) = self,
            bytes.readableBytes >= GrowingBody.arenaMinimumBytes,
            let region = arena?.store(CollectionOfOne(bytes), sizeBytes: bytes.readableBytes)
        else { return self }
        return .external(region)
    }

    /// As the lane sends it.
    func mediaBody(isText: Bool) -> MediaBody {
        switch self {
        case .bytes(let bytes) where isText: .text(CompressibleText(buffer: bytes))
        case .bytes(let bytes): .bytes(bytes)
        case .external(let body):
            if let region = body as? MemoryRegion {
                .region(region)
            } else {
                .bytes(body.copied ?? ByteBuffer())
            }
        }
    }
}

extension SteeringInsertion {
    /// Puts what steers players into an entry point; another text has another tag.
    fileprivate func insert(into response: inout MediaResponse, _ kind: MediaKind) {
        guard case .text(let text) = response.body else { return }
        let old = String(buffer: text.identity)
        let new =
            switch kind {
            case .masterPlaylist: multivariantPlaylist(old)
            case .manifest: manifest(old)
            default: old
            }
        guard new != old else { return }
        response.body = .text(CompressibleText(new))
        response.entityTag = response.entityTag.map { $0 + entityTagSuffix }
    }
}
