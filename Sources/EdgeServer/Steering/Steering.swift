package import MediaHTTP
import NIOCore
package import Platform

/// Content steering of one edge: its addresses, what it puts into texts, its metrics; from any
/// thread.
package final class Steering: Sendable {
    package let configuration: SteeringConfiguration
    package let insertion: SteeringInsertion
    package let health: RegionHealth
    private let ownHealth: @Sendable () -> RegionHealthDocument
    private let draw: @Sendable () -> Double
    /// How often each region was named first, in the configuration's order.
    private let firsts: [Counter]

    /// - Parameters:
    ///   - configuration: checked.
    ///   - ownHealth: how this edge stands; called with each answer, so its load is a mean of the
    ///     last seconds that somebody else keeps.
    ///   - draw: a number from 0 up to, not including, 1, by which a share of the players is chosen.
    package init(
        configuration: SteeringConfiguration,
        ownHealth: @escaping @Sendable () -> RegionHealthDocument,
        draw: @escaping @Sendable () -> Double
    ) {
        self.configuration = configuration
        self.ownHealth = ownHealth
        self.draw = draw
        insertion = SteeringInsertion(configuration)
        health = RegionHealth(configuration)
        firsts = configuration.regions.map { _ in Counter() }
    }

    /// The answer at an address of steering; nothing where it is none.
    ///
    /// Needs no token: it tells no more than names, hosts and order of the regions, and load. Not
    /// to be kept by anyone, as it differs from player to player.
    ///
    /// - Parameters:
    ///   - path: of the request.
    ///   - query: as sent, without the question mark.
    /// - Returns: JSON, or a 404 below `/steering/`.
    package func answer(path: String, query: String?) -> MediaResponse? {
        guard path.hasPrefix(SteeringPath.root) else { return nil }
        if path == SteeringPath.health { return Self.json(ownHealth().json) }
        guard let format = SteeringFormat.allCases.first(where: { $0.path == path }) else {
            return .error(status: 404, code: "not_found", message: "No such steering manifest.")
        }
        return Self.json(manifest(format, query: query))
    }

    func manifest(_ format: SteeringFormat, query: String?) -> String {
        let manifest = SteeringManifest.make(
            configuration,
            statuses(),
            format,
            SteeringQuery(query, format),
            draw: draw()
        )
        if let first = manifest.priority.first,
            let index = configuration.regions.firstIndex(where: { $0.id == first })
        {
            firsts[index].add()
        }
        return manifest.json
    }

    /// All regions, this one by its own word.
    package func statuses() -> [RegionStatus] {
        health.noteOwn(ownHealth())
        return health.snapshot()
    }

    package func write(to text: inout PrometheusText) {
        let statuses = statuses()
        text.gauge(
            "millrace_steering_region_standing",
            help: "0 healthy, 1 overloaded, 2 draining, 3 unhealthy.",
            statuses.map { ([("pathway", $0.region.id)], Int64($0.standing.rawValue)) }
        )
        text.gauge(
            "millrace_steering_region_load_percent",
            help: "How full each region says that it is, smoothed.",
            statuses.map { ([("pathway", $0.region.id)], Int64(($0.load * 100).rounded())) }
        )
        text.counter(
            "millrace_steering_answers_total",
            help: "Steering manifests by the region that they name first.",
            zip(configuration.regions, firsts).map { ([("pathway", $0.id)], $1.value) }
        )
    }

    private static func json(_ text: String) -> MediaResponse {
        MediaResponse(
            status: 200,
            kind: .other,
            contentType: "application/json",
            cacheControl: "no-store",
            body: .bytes(ByteBuffer(string: text))
        )
    }
}
