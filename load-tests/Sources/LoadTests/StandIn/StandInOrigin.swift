import NIOCore
import NIOPosix

/// An origin for tests of an edge: a live stream, videos, a catalog, and faults on demand.
///
/// Its bytes follow from their addresses, it counts each request, and it listens on loopback only.
package final class StandInOrigin: Sendable {
    /// The port that it listens on.
    package let port: Int
    private let state: StandInState
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// Listens on `127.0.0.1`.
    ///
    /// Port 0 is any that is free; `epochMilliseconds` is the time now, since 1970, for the live
    /// stream's dates. Throws where it cannot listen.
    package init(
        _ options: StandInOptions,
        port: Int = 0,
        epochMilliseconds: Int64
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads)
        let state = StandInState(
            options: options,
            start: .now(),
            epochMilliseconds: epochMilliseconds
        )
        do {
            channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 4096)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            StandInConnection(state: state)
                        )
                    }
                }
                .bind(host: "127.0.0.1", port: port)
                .get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        self.group = group
        self.state = state
        self.port = channel.localAddress?.port ?? port
    }

    package var videoIDs: [String] { state.options.videoIDs }

    package func counts(prefix: String = "") -> UpstreamCounts {
        state.counts(prefix: prefix).summary
    }

    package func set(_ fault: StandInFault) { state.set(fault) }
    package func clearFaults() { state.clearFaults() }

    package func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }

    /// Until the listener is closed.
    package func wait() async throws {
        try await channel.closeFuture.get()
    }
}
