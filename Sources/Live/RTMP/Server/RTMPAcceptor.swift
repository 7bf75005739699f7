internal import Glibc
internal import Logging
internal import Platform

/// Takes connections, gives each its thread, and ends those whose time is up.
///
/// All of it runs on one thread: no lock but those of the connections.
struct RTMPAcceptor: ~Copyable {
    private struct Entry {
        let connection: RTMPConnection
        let thread: RTMPThread
        let network: IPAddress
        var watch: RTMPConnectionWatch
    }

    private let listeners: [RTMPListener]
    private let tls: RTMPTLSContext?
    private let service: RTMPService
    private let wake: RTMPWake
    private let isStopping: @Sendable () -> Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private var entries: [Entry] = []
    private var countsOfNetworks: [IPAddress: Int] = [:]

    init(
        listeners: [RTMPListener],
        tls: RTMPTLSContext?,
        service: RTMPService,
        wake: RTMPWake,
        isStopping: @escaping @Sendable () -> Bool,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.listeners = listeners
        self.tls = tls
        self.service = service
        self.wake = wake
        self.isStopping = isStopping
        self.now = now
    }

    /// Runs until it is told to stop; all connections and their threads have then ended.
    mutating func run() {
        while !isStopping() {
            var polls = listeners.map(\.descriptor) + [wake.readable]
            wait(&polls)
            wake.clear()
            for listener in listeners { acceptAll(of: listener) }
            sweep()
        }
        for listener in listeners { listener.close() }
        for entry in entries { entry.connection.close(reason: "the server stops") }
        for entry in entries { entry.thread.join() }
        service.counters.openConnections.add(-Int64(entries.count))
        entries = []
    }

    private func wait(_ descriptors: inout [Int32]) {
        var polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let milliseconds = entries.isEmpty ? -1 : sweepMilliseconds
        _ = unsafe poll(&polls, nfds_t(polls.count), milliseconds)
    }

    /// How often limits are looked at: often enough to keep the shortest to a quarter.
    private var sweepMilliseconds: Int32 {
        let limits = service.limits
        let shortest = min(limits.handshake, limits.publish, limits.silence, limits.farewell)
        let milliseconds =
            shortest.components.seconds * 4000
            + shortest.components.attoseconds / 250_000_000_000_000
        return Int32(min(max(milliseconds / 16, 10), 250))
    }

    // MARK: Coming in

    private mutating func acceptAll(of listener: RTMPListener) {
        for _ in 0..<RTMPLimits.backlog {
            switch listener.accept() {
            case .success(let socket): take(socket, isSecure: listener.isSecure)
            case .failure(let failed):
                switch failed.errno {
                case EAGAIN, EWOULDBLOCK: return
                case EINTR, ECONNABORTED: continue
                default:
                    service.logger.error(
                        "cannot accept an RTMP connection",
                        metadata: ["errno": "\(failed.errno)"]
                    )
                    // Out of descriptors, most likely: the next try is soon enough.
                    _ = poll(nil, 0, Self.pauseMilliseconds)
                    return
                }
            }
        }
    }

    private static let pauseMilliseconds: Int32 = 100

    private mutating func take(_ socket: RTMPSocket, isSecure: Bool) {
        service.counters.connections.add()
        let network = socket.peer.isIPv4 ? socket.peer : socket.peer.masked(to: 64)
        if let refusal = refusal(of: network) {
            service.counters.refuse(refusal)
            return socket.close()
        }
        socket.setNoDelay()
        guard let second = socket.duplicate() else {
            service.counters.refuse(.connectionLimit)
            return socket.close()
        }
        let connection = RTMPConnection(
            descriptor: second,
            peer: socket.peer.description,
            isSecure: isSecure
        )
        let (service, wake, tls) = (service, wake, isSecure ? tls : nil)
        do throws(RTMPThread.NoThread) {
            let thread = try RTMPThread(stackBytes: RTMPLimits.threadStackBytes) {
                Self.serve(socket.descriptor, connection, service, tls)
                connection.finish()
                wake.wake()
            }
            let watch = RTMPConnectionWatch(limits: service.limits, accepted: now())
            countsOfNetworks[network, default: 0] += 1
            service.counters.openConnections.add(1)
            entries.append(
                Entry(connection: connection, thread: thread, network: network, watch: watch)
            )
        } catch {
            service.counters.refuse(.connectionLimit)
            service.logger.error(
                "no thread for an RTMP connection",
                metadata: ["errno": "\(error.errno)"]
            )
            socket.close()
        }
    }

    private func refusal(of network: IPAddress) -> RTMPRefusalReason? {
        if entries.count >= service.limits.connectionCount { return .connectionLimit }
        let count = countsOfNetworks[network] ?? 0
        return count >= service.limits.connectionsPerAddress ? .addressLimit : nil
    }

    private static func serve(
        _ descriptor: Int32,
        _ connection: RTMPConnection,
        _ service: RTMPService,
        _ tls: RTMPTLSContext?
    ) {
        guard let handle = RTMPHandle(descriptor: descriptor) else { return }
        var conversation = RTMPConversation(
            handle: handle,
            connection: connection,
            service: service
        )
        conversation.run(tls)
    }

    // MARK: Going

    private mutating func sweep() {
        let now = now()
        for index in entries.indices.reversed() {
            let connection = entries[index].connection
            if connection.isOver {
                entries[index].thread.join()
                forget(entries[index].network)
                service.counters.openConnections.add(-1)
                entries.swapAt(index, entries.count - 1)
                entries.removeLast()
            } else {
                let phase = connection.phase
                if entries[index].watch.isOver(
                    phase: phase,
                    messageCount: connection.messageCount,
                    now: now
                ) {
                    connection.end(.timeIsUp(phase))
                }
            }
        }
    }

    private mutating func forget(_ network: IPAddress) {
        let count = (countsOfNetworks[network] ?? 1) - 1
        countsOfNetworks[network] = count > 0 ? count : nil
    }
}
