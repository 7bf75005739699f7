import EdgeServer
import NIOCore
import NIOPosix
import Testing

/// A group over some origins, its calls, and what they are judged by.
struct UpstreamFixture: Sendable {
    let group: UpstreamGroup
    let eventLoop: any EventLoop

    /// Runs a group for as long as the body runs; no health checks unless `change` asks for them.
    static func with(
        _ urls: [String],
        limits: UpstreamLimits = quick,
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.any(),
        resolve: @escaping NameResolution.Resolve = NameResolution.resolve,
        change: (inout UpstreamConfiguration) -> Void = { _ in },
        _ body: (UpstreamFixture) async throws -> Void
    ) async throws {
        let group = try UpstreamGroup(
            configuration: configuration(urls, change: change),
            checkingOn: eventLoop,
            limits: limits,
            jitter: { 1 },
            resolve: resolve
        )
        do {
            try await body(UpstreamFixture(group: group, eventLoop: eventLoop))
        } catch {
            await group.stop()
            throw error
        }
        await group.stop()
    }

    static func configuration(
        _ urls: [String],
        change: (inout UpstreamConfiguration) -> Void = { _ in }
    ) throws -> UpstreamConfiguration {
        var configuration = UpstreamConfiguration(
            origins: try urls.map { OriginConfiguration(url: try #require(OriginURL(text: $0))) }
        )
        configuration.health.interval = nil
        configuration.health.slowStart = .zero
        configuration.pseudonym = "edge-1"
        change(&configuration)
        return configuration
    }

    static let quick: UpstreamLimits = {
        var limits = UpstreamLimits()
        limits.tick = .milliseconds(5)
        return limits
    }()

    func get(
        _ target: String = "/",
        method: String = "GET",
        fields: [(String, String)] = [],
        excluding: Set<OriginID> = [],
        keepsBody: Bool = true,
        limits change: (inout UpstreamTimeLimits) -> Void = { _ in }
    ) async throws -> RecordedCall.Outcome {
        var request = UpstreamRequest(method: method, target: target, fields: fields)
        change(&request.timeLimits)
        return try await start(request, excluding: excluding, keepsBody: keepsBody).outcome.get()
    }

    /// Calls, and fails the test where the answer is not `Canned.hello`.
    func expectHello(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let outcome = try await get()
        #expect(outcome.error == nil, sourceLocation: sourceLocation)
        #expect(outcome.text == "hello", sourceLocation: sourceLocation)
    }

    /// Calls, and fails the test where that does not fail in this way.
    func expect(
        _ error: UpstreamError,
        method: String = "GET",
        excluding: Set<OriginID> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await get(method: method, excluding: excluding)
        #expect(outcome.error == error, sourceLocation: sourceLocation)
    }

    func start(
        _ request: UpstreamRequest,
        excluding: Set<OriginID> = [],
        keepsBody: Bool = true,
        stopsReadingAtHead: Bool = false
    ) async throws -> RecordedCall {
        try await RecordedCall.start(
            group,
            request,
            excluding: excluding,
            on: eventLoop,
            keepsBody: keepsBody,
            stopsReadingAtHead: stopsReadingAtHead
        )
    }

    /// Waits until something is so; a failure after ten seconds.
    func eventually(
        _ what: Comment,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = NIODeadline.now() + .seconds(10)
        while try await !condition() {
            try #require(NIODeadline.now() < deadline, what)
            try await eventLoop.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
        }
    }
}

enum Canned {
    static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
}
