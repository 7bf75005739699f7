import NIOCore
import NIOPosix
import NIOSSL

/// Brings a crowd to a server, watches it for a time, and says what was seen.
package struct Crowd: Sendable {
    package let options: CrowdOptions
    package let watched: [WatchedProcess]

    /// - Throws: `CrowdError` where the order is not carried out.
    package init(_ options: CrowdOptions, watching: [WatchedProcess] = []) throws(CrowdError) {
        try options.validate()
        self.options = options
        watched = watching + [.own]
    }

    /// Runs it to its end, or to the task's cancellation.
    ///
    /// - Parameter onSample: called once a second with the newest second.
    /// - Returns: what was seen, also where it was cancelled.
    /// - Throws: where the event loops or TLS cannot be set up.
    package func run(onSample: @Sendable (Sample) -> Void = { _ in }) async throws -> CrowdResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads)
        do {
            let result = try await run(on: group, onSample)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func run(
        on group: MultiThreadedEventLoopGroup,
        _ onSample: @Sendable (Sample) -> Void
    ) async throws -> CrowdResult {
        let tls = try tlsContext()
        let ledger = ResourceLedger()
        let reference = options.reference.map { target in
            ReferenceCheck(target: target, eventLoop: group.next()) { connection in
                Self.connect(connection, to: target)
            }
        }
        var seeds = SplitMix(seed: options.seed)
        var loops: [NIOLoopBound<CrowdLoop>] = []
        for eventLoop in group.makeIterator() {
            let seed = seeds.next()
            loops.append(
                try await eventLoop.submit { [options] in
                    let loop = CrowdLoop(
                        eventLoop: eventLoop,
                        options: options,
                        ledger: ledger,
                        reference: reference,
                        tls: tls,
                        seed: seed
                    )
                    loop.start()
                    return NIOLoopBound(loop, eventLoop: eventLoop)
                }.get()
            )
        }
        for (index, loop) in loops.enumerated() { startRamp(loop, index: index) }
        var recorder = Recorder(watched: watched)
        await record(loops, reference, &recorder, onSample)
        for loop in loops {
            let tally = try await loop.onLoop { loop in
                loop.stop()
                return loop.takeTally()
            }
            recorder.add(tally)
        }
        reference?.stop()
        return recorder.result(options: options, resources: ledger.count)
    }

    /// Lets viewers in, evenly over the ramp.
    private func startRamp(_ bound: NIOLoopBound<CrowdLoop>, index: Int) {
        let options = options
        let eventLoop = bound.eventLoop
        let start = NIODeadline.now()
        // The numbers of this loop's viewers: index, index + threads, …
        let next = NIOLoopBoundBox.makeBoxSendingValue(index, eventLoop: eventLoop)
        eventLoop.execute {
            _ = eventLoop.scheduleRepeatedTask(
                initialDelay: .zero,
                delay: .milliseconds(10)
            ) { task in
                let passed = Double((.now() - start).nanoseconds) / 1e9
                let share = options.rampSeconds > 0 ? passed / options.rampSeconds : 1
                let due = min(Double(options.viewers), Double(options.viewers) * share + 1)
                while Double(next.value) < due, next.value < options.viewers {
                    bound.value.addViewer(next.value)
                    next.value += options.threads
                }
                if next.value >= options.viewers { task.cancel() }
            }
        }
    }

    private func record(
        _ loops: [NIOLoopBound<CrowdLoop>],
        _ reference: ReferenceCheck?,
        _ recorder: inout Recorder,
        _ onSample: @Sendable (Sample) -> Void
    ) async {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(options.durationSeconds)
        var at = start
        while at < end {
            at = min(at + .seconds(1), end)
            // Cancelled is finished: what was measured so far is reported.
            do { try await clock.sleep(until: at) } catch { break }
            var second = LoopTally()
            var viewers = 0
            for loop in loops {
                let part = try? await loop.onLoop { ($0.takeTally(), $0.viewerCount) }
                guard let part else { continue }
                second.add(part.0)
                viewers += part.1
            }
            if let reference { second.add(reference.takeTally()) }
            let passed = start.duration(to: clock.now)
            onSample(recorder.sample(second, viewers: viewers, at: passed / .seconds(1)))
        }
    }

    private func tlsContext() throws -> NIOSSLContext? {
        guard options.target.isSecure else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !options.checksCertificate { configuration.certificateVerification = .none }
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    static func connect(
        _ connection: NIOLoopBound<ViewerConnection>,
        to target: LoopbackTarget
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: connection.eventLoop)
            .connectTimeout(CrowdLimits.connectTime)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
            .connect(host: target.address, port: target.port)
    }
}

extension NIOLoopBound where Value == CrowdLoop {
    func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (CrowdLoop) -> Result
    ) async throws -> Result {
        try await eventLoop.submit { body(self.value) }.get()
    }
}
