import MediaHTTP
import NIOCore
import Packaging
import Platform

/// What the admin listener says of a running origin.
struct OriginStatus: Sendable {
    let store: AssetStore
    /// nil where live is off.
    let live: LiveService?
    let requests: LaneMetrics
    let startedAt: NIODeadline

    /// What keeps the origin from serving, for `/readyz`; empty when all is well.
    func problems() async -> [String] {
        do {
            _ = try await store.videoIDs()
            return []
        } catch {
            return ["the library cannot be read: \(error)"]
        }
    }

    /// Prometheus text.
    func metrics() -> String {
        var text = PrometheusText()
        requests.write(to: &text)
        let counters = store.counters
        text.counter(
            "millrace_assets_looked_up_total",
            help: "Look-ups of an asset by how they were answered.",
            [
                ([("result", "memory")], counters.hits.value),
                ([("result", "built")], counters.built.value),
                ([("result", "stored")], counters.read.value),
                ([("result", "failed")], counters.failed.value),
            ]
        )
        text.counter(
            "millrace_assets_evicted_total",
            help: "Assets dropped from memory to make room.",
            [([], counters.evicted.value)]
        )
        text.gauge(
            "millrace_assets_open",
            help: "Assets in memory.",
            [([], Int64(store.count))]
        )
        text.gauge(
            "millrace_index_bytes",
            help: "Bytes of all asset indexes in memory.",
            [([], Int64(store.indexBytes))]
        )
        text.gauge(
            "millrace_asset_memory_bytes",
            help: "Bytes of all assets in memory: indexes, manifests, plans.",
            [([], Int64(store.memoryBytes))]
        )
        text.histogram(
            "millrace_asset_load_seconds",
            help: "Time to open an asset, its index read or built.",
            [([], counters.loadTime)]
        )
        live?.write(to: &text)
        return text.text
    }

    /// What is open and what of it was left out, for people and scripts.
    func json() -> String {
        let quote = JSONText.quoted
        let videos = store.contents.map { id, result in
            switch result {
            case .failure(let failure):
                return "{\"id\":\(quote(id)),\"state\":\"broken\","
                    + "\"reason\":\(quote(APIError(failure, video: id).message))}"
            case .success(let asset):
                let index = asset.index
                let tracks = index.tracks.map { quote($0.name) }
                let omissions = index.omissions.map {
                    "{\"file\":\(quote($0.file)),\"reason\":\(quote($0.reason))}"
                }
                return "{\"id\":\(quote(id)),\"state\":\"ready\","
                    + "\"version\":\(quote(index.version.text)),"
                    + "\"duration_seconds\":\(index.duration.seconds),"
                    + "\"segments\":\(index.segmentCount),"
                    + "\"index_bytes\":\(index.storageSizeBytes),"
                    + "\"tracks\":[\(tracks.joined(separator: ","))],"
                    + "\"omitted\":[\(omissions.joined(separator: ","))]}"
            }
        }
        let uptime = (NIODeadline.now() - startedAt).nanoseconds / 1_000_000_000
        return "{\"uptime_seconds\":\(uptime),\"connections\":\(requests.openConnections.value),"
            + "\"live\":\(live?.statusJSON ?? "null"),"
            + "\"videos\":[\(videos.joined(separator: ","))]}"
    }
}
