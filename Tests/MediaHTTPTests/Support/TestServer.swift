import Logging
import MediaHTTP
import NIOCore
import NIOPosix
import Synchronization

/// A server on a free port, its handler a closure, everything it says kept.
struct TestServer {
    let server: MediaServer
    let observer: RecordingObserver

    var address: SocketAddress { server.boundAddresses[0] }

    /// Runs a server for as long as the body runs.
    static func with(
        limits: MediaLimits = .patient,
        reading: FileReading = .system,
        host: String = "127.0.0.1",
        tls: TLSReloading? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        takesAllMethods: Bool = false,
        proxyProtocol: Bool = false,
        answering respond: @escaping ClosureHandler.Respond = Self.standard,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let observer = RecordingObserver()
        let server = try await MediaServer.start(
            configuration: MediaServerConfiguration(
                listeners: [.init(.init(host: host, port: 0), tls: tls)],
                limits: limits,
                proxyProtocol: proxyProtocol,
                reading: reading,
                wallClock: { 784_111_777 }
            ),
            handler: ClosureHandler(answer: respond, takesAllMethods: takesAllMethods),
            observer: observer,
            logger: Logger(label: "test"),
            group: group
        )
        do {
            try await body(TestServer(server: server, observer: observer))
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    /// Every connection on one event loop, so that they are served in the order they came.
    static func withOneLoop(
        limits: MediaLimits = .patient,
        reading: FileReading = .system,
        answering respond: @escaping ClosureHandler.Respond,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await with(
                limits: limits,
                reading: reading,
                group: group,
                answering: respond,
                body
            )
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    func connect(greeting: String = "", reads: Bool = true) async throws -> RawClient {
        try await RawClient.connect(to: address, greeting: greeting, reads: reads)
    }

    /// Answers any path with a small text of its own name.
    static let standard: ClosureHandler.Respond = { request, _ in
        .now(.plain(request.path))
    }
}

extension MediaLimits {
    /// Time enough for a busy machine, where a test is not about time.
    static let patient: MediaLimits = {
        var limits = MediaLimits()
        limits.idleTime = .seconds(50)
        limits.headTime = .seconds(50)
        limits.writeStallTime = .seconds(50)
        return limits
    }()
}

struct ClosureHandler: MediaHandler {
    typealias Respond = @Sendable (MediaRequest, any EventLoop) -> MediaAnswer

    let answer: Respond
    var takesAllMethods = false

    func respond(to request: MediaRequest, on eventLoop: any EventLoop) -> MediaAnswer {
        answer(request, eventLoop)
    }
}

extension MediaResponse {
    static func plain(_ text: String) -> MediaResponse {
        body(.bytes(ByteBuffer(string: text)))
    }

    static func body(_ body: MediaBody) -> MediaResponse {
        MediaResponse(
            status: 200,
            kind: .videoSegment,
            contentType: "video/mp4",
            cacheControl: "max-age=60",
            entityTag: "abc",
            lastModified: 784_111_777,
            body: body
        )
    }
}

/// Keeps what it is told, and lets a test wait for it.
final class RecordingObserver: MediaObserver {
    private struct State {
        var records: [RequestRecord] = []
        var open = 0
        var refused = 0
        /// Whether a test that waited was cancelled; nobody waits any more then.
        var isCancelled = false
        var waiters:
            [(isMet: @Sendable (RecordingObserver.Seen) -> Bool, CheckedContinuation<Void, Never>)] =
                []
    }

    struct Seen: Sendable {
        var records: [RequestRecord]
        var openConnections: Int
        var refused: Int
    }

    private let state = Mutex(State())

    var seen: Seen { state.withLock { Self.seen($0) } }

    func connectionOpened() { update { $0.open += 1 } }
    func connectionClosed() { update { $0.open -= 1 } }
    func connectionRefused(_ reason: RefusalReason) { update { $0.refused += 1 } }
    func finished(_ record: RequestRecord) { update { $0.records.append(record) } }

    /// Returns once what was seen meets the condition, or when the task is cancelled: so does the
    /// suites' time limit end a vain wait.
    func wait(until isMet: @escaping @Sendable (Seen) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isCancelled || isMet(Self.seen(state)) { return true }
                    state.waiters.append((isMet, continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiters = state.withLock { state in
                state.isCancelled = true
                defer { state.waiters = [] }
                return state.waiters
            }
            for (_, continuation) in waiters { continuation.resume() }
        }
    }

    private static func seen(_ state: State) -> Seen {
        Seen(records: state.records, openConnections: state.open, refused: state.refused)
    }

    private func update(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let seen = Self.seen(state)
            let ready = state.waiters.filter { $0.isMet(seen) }.map(\.1)
            state.waiters.removeAll { $0.isMet(seen) }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }
}
