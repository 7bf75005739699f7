import Synchronization

/// A region and how it stands right now.
package struct RegionStatus: Hashable, Sendable {
    package var region: SteeringRegion
    package var standing: RegionStanding
    /// From 0 to 1.
    package var load: Double

    package init(region: SteeringRegion, standing: RegionStanding = .healthy, load: Double = 0) {
        self.region = region
        self.standing = standing
        self.load = load
    }
}

/// How all regions stand, by looking at each from time to time; from any thread.
///
/// This region is not looked at: it says itself how it stands. Who looks is up to the caller:
/// `watch` does it in a task, `note` takes what another way brings.
package final class RegionHealth: Sendable {
    private let regions: [SteeringRegion]
    private let ownID: String
    /// In the order of the regions.
    private let states: Mutex<[RegionHealthStateMachine]>

    package init(_ configuration: SteeringConfiguration) {
        regions = configuration.regions
        ownID = configuration.own.id
        states = Mutex(regions.map { _ in RegionHealthStateMachine() })
    }

    /// The regions to look at: all but this one.
    package var others: [SteeringRegion] { regions.filter { $0.id != ownID } }

    /// Takes what a region answered at `/steering/health`.
    ///
    /// - Parameters:
    ///   - id: the region's.
    ///   - body: nothing where there was no answer, or another status than 200.
    package func note(_ id: String, body: [UInt8]?) {
        note(id, body.flatMap { RegionHealthDocument(json: $0) })
    }

    func note(_ id: String, _ document: RegionHealthDocument?) {
        guard let index = regions.firstIndex(where: { $0.id == id }) else { return }
        states.withLock { $0[index].note(document) }
    }

    /// This region's own word, as often as anybody asks.
    func noteOwn(_ document: RegionHealthDocument) {
        guard let index = regions.firstIndex(where: { $0.id == ownID }) else { return }
        states.withLock { $0[index].note(document, isSmooth: true) }
    }

    /// Looks at all other regions at once.
    ///
    /// - Parameter fetch: the body at the region's `/steering/health`; sees to its own time limit.
    package func poll(_ fetch: @escaping @Sendable (SteeringRegion) async -> [UInt8]?) async {
        await withTaskGroup(of: Void.self) { group in
            for region in others {
                group.addTask {
                    let body = await fetch(region)
                    if !Task.isCancelled { self.note(region.id, body: body) }
                }
            }
        }
    }

    /// Looks at them until its task is cancelled.
    package func watch(
        every interval: Duration,
        clock: some Clock<Duration>,
        fetch: @escaping @Sendable (SteeringRegion) async -> [UInt8]?
    ) async {
        while !Task.isCancelled {
            await poll(fetch)
            do { try await clock.sleep(for: interval) } catch { return }
        }
    }

    /// In the order of the configuration.
    package func snapshot() -> [RegionStatus] {
        let states = states.withLock { $0 }
        return zip(regions, states).map {
            RegionStatus(region: $0, standing: $1.standing, load: $1.load)
        }
    }
}
