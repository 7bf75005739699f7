import Live
import Logging
import MediaHTTP
import NIOCore
import NIOPosix
import Segmenting
import Synchronization

/// A media server with a hub's routes on a free port, its clock in the test's hands.
struct LiveServer {
    let server: MediaServer
    let hub: LiveHub
    let clock: ManualClock
    let rendering: PlainRendering
    let archive: FakeArchive?
    let events: RecordedEvents

    var address: SocketAddress { server.boundAddresses[0] }

    static func with(
        configuration: LiveHubConfiguration = .forTests,
        archive: FakeArchive? = nil,
        registry: (any LiveRegistry)? = nil,
        continuations: ContinuationStore? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        clock: ManualClock = ManualClock(),
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let rendering = PlainRendering()
        let events = RecordedEvents()
        let hub = LiveHub(
            configuration: configuration,
            parts: LiveHub.Parts(
                rendering: rendering,
                stages: .synthetic,
                clock: clock,
                continuations: continuations,
                registry: registry,
                makeArchive: { _ in archive },
                onEvent: { events.add($0) }
            ),
            logger: Logger(label: "test")
        )
        let routes = LiveRoutes(hub: hub, rendering: rendering, registry: registry, clock: clock)
        let server = try await MediaServer.start(
            configuration: MediaServerConfiguration(
                addresses: [.init(host: "127.0.0.1", port: 0)]
            ),
            handler: routes,
            observer: SilentObserver(),
            logger: Logger(label: "test"),
            group: group
        )
        let live = LiveServer(
            server: server,
            hub: hub,
            clock: clock,
            rendering: rendering,
            archive: archive,
            events: events
        )
        do {
            try await body(live)
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    func connect(reads: Bool = true) async throws -> LiveClient {
        try await LiveClient.connect(to: address, reads: reads)
    }

    func get(_ path: String, _ fields: String = "") async throws -> LiveClient.Answer {
        let client = try await connect()
        let answer = try await client.get(path, fields)
        try await client.close()
        return answer
    }

    /// Returns once so many requests are held for stream `s`.
    func untilWaiting(_ count: Int) async throws {
        while hub.stream("s")?.snapshot.waiting ?? 0 < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func publish(_ role: PublishGrant.Role = .primary) throws -> SyntheticPublisher {
        try SyntheticPublisher(hub, role)
    }
}

extension LiveHubConfiguration {
    static var forTests: LiveHubConfiguration {
        var configuration = LiveHubConfiguration()
        configuration.targetDurationSeconds = 2
        return configuration
    }
}

final class RecordedEvents: Sendable {
    private let events = Mutex<[LiveHubEvent]>([])
    var all: [LiveHubEvent] { events.withLock { $0 } }

    func add(_ event: LiveHubEvent) {
        events.withLock { $0.append(event) }
    }
}

struct SilentObserver: MediaObserver {
    func connectionOpened() {}
    func connectionClosed() {}
    func connectionRefused(_ reason: RefusalReason) {}
    func finished(_ record: RequestRecord) {}
}
