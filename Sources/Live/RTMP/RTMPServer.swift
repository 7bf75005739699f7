package import Logging
internal import Platform
internal import Synchronization

/// Listens for encoders that push RTMP, plain or over TLS.
///
/// Each connection has a thread of its own, since librtmp blocks; one more accepts them and keeps the
/// time limits. All methods may be called from any thread.
package final class RTMPServer: Sendable {
    private enum Phase {
        case idle
        case running(RTMPThread, RTMPWake)
        case stopped
    }

    private let configuration: RTMPConfiguration
    private let service: RTMPService
    private let now: @Sendable () -> ContinuousClock.Instant
    private let phase = Mutex(Phase.idle)
    private let isStopping = Atomic<Bool>(false)

    /// - Parameters:
    ///   - configuration: where to listen, and the limits.
    ///   - authority: asked for each `publish`, on the publisher's thread.
    ///   - ingest: where publishers go that may.
    ///   - logger: told of publishes and of what an operator has to mend.
    ///   - now: the monotonic clock that limits are kept by.
    package init(
        configuration: RTMPConfiguration,
        authority: any PublishAuthority,
        ingest: any LiveIngest,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.now = now
        service = RTMPService(configuration, authority: authority, ingest: ingest, logger: logger)
    }

    /// Binds, and accepts from then on.
    ///
    /// - Returns: where it listens, with the ports that it got.
    /// - Throws: `RTMPServerError`; nothing is bound then.
    package func start() throws(RTMPServerError) -> RTMPAddresses {
        _ = LibRTMP.isReady
        return try phase.withLock { phase throws(RTMPServerError) in
            guard case .idle = phase else { throw .alreadyStarted }
            let tls = try makeTLSContext()
            let listeners = try listen()
            do throws(RTMPThread.NoThread) {
                guard let wake = RTMPWake() else { throw RTMPThread.NoThread(errno: 0) }
                phase = .running(try startThread(listeners, tls, wake), wake)
            } catch {
                for listener in listeners { listener.close() }
                throw .noThread(errno: error.errno)
            }
            return RTMPAddresses(
                plain: listeners.first { !$0.isSecure }?.address,
                tls: listeners.first { $0.isSecure }?.address
            )
        }
    }

    /// Ends all connections and waits for their threads; blocks, so not on an event loop.
    ///
    /// Each publication hears of its end with `.closed` before this returns.
    package func stop() {
        let running = phase.withLock { phase in
            defer { phase = .stopped }
            return phase
        }
        guard case .running(let thread, let wake) = running else { return }
        isStopping.store(true, ordering: .releasing)
        wake.wake()
        thread.join()
    }

    package var statistics: RTMPStatistics { service.counters.snapshot }

    private func makeTLSContext() throws(RTMPServerError) -> RTMPTLSContext? {
        guard configuration.listenTLS != nil else { return nil }
        guard let certificateChain = configuration.certificateChain,
            let privateKey = configuration.privateKey
        else { throw .missingCertificate }
        let context = RTMPTLSContext(certificateChain: certificateChain, privateKey: privateKey)
        guard let context else {
            throw .unusableCertificate(
                certificateChain: certificateChain,
                privateKey: privateKey
            )
        }
        return context
    }

    private func listen() throws(RTMPServerError) -> [RTMPListener] {
        var listeners: [RTMPListener] = []
        do throws(RTMPServerError) {
            if let address = configuration.listen {
                listeners.append(try RTMPListener(address, option: "listen", isSecure: false))
            }
            if let address = configuration.listenTLS {
                listeners.append(try RTMPListener(address, option: "listenTLS", isSecure: true))
            }
        } catch {
            for listener in listeners { listener.close() }
            throw error
        }
        return listeners
    }

    private func startThread(
        _ listeners: [RTMPListener],
        _ tls: RTMPTLSContext?,
        _ wake: RTMPWake
    ) throws(RTMPThread.NoThread) -> RTMPThread {
        try RTMPThread(stackBytes: RTMPLimits.threadStackBytes) { [self] in
            var acceptor = RTMPAcceptor(
                listeners: listeners,
                tls: tls,
                service: service,
                wake: wake,
                isStopping: { self.isStopping.load(ordering: .acquiring) },
                now: now
            )
            acceptor.run()
        }
    }
}
