/// What the pages and the API ask of the library: a thin layer over the asset store.
package struct VideoCatalog: Sendable {
    private let store: AssetStore

    package init(store: AssetStore) {
        self.store = store
    }

    package func video(_ id: String) async -> Result<VideoFacts, AssetFailure> {
        await asset(id).map(VideoFacts.init(asset:))
    }

    /// Videos after `cursor` in the order of their ids, and the cursor of the next page.
    ///
    /// A video that cannot be served is left out; `/status` says why.
    package func videos(
        after cursor: String?,
        limit: Int
    ) async throws -> (videos: [VideoFacts], nextCursor: String?) {
        let all = try await store.videoIDs()
        let ids = all.drop { id in cursor.map { id <= $0 } ?? false }
        var videos: [VideoFacts] = []
        for id in ids.prefix(limit) {
            if case .success(let facts) = await video(id) { videos.append(facts) }
        }
        let page = ids.prefix(limit)
        return (videos, ids.count > limit ? page.last : nil)
    }

    private func asset(_ id: String) async -> AssetStore.LookUp {
        if let ready = store.ready(id) { return ready }
        return await store.load(id)
    }
}
