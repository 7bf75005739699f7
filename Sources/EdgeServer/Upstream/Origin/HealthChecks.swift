import NIOCore

/// Asks a group's origins for signs of life, each at its own time, on one event loop.
final class HealthChecks: Sendable {
    /// How often it looks whether a check is due.
    private static let step = TimeAmount.milliseconds(100)

    private let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let jitter: @Sendable () -> Double

    private struct State {
        weak var group: UpstreamGroup?
        var dueAt: [ObjectIdentifier: NIODeadline] = [:]
        var running: [ObjectIdentifier: Check] = [:]
        var task: RepeatedTask?
    }

    /// - Parameters:
    ///   - eventLoop: where the checks run.
    ///   - jitter: by how much the time between two checks is multiplied, so that edges do not
    ///     check in step.
    init(eventLoop: any EventLoop, jitter: @escaping @Sendable () -> Double) {
        self.eventLoop = eventLoop
        self.jitter = jitter
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
    }

    func start(_ group: UpstreamGroup) {
        eventLoop.execute { [weak group] in
            self.state.value.group = group
            let task = self.eventLoop.scheduleRepeatedTask(
                initialDelay: .zero,
                delay: Self.step
            ) { [weak self] task in
                guard let self, self.state.value.group != nil else { return task.cancel() }
                self.checkThoseDue()
            }
            self.state.value.task = task
        }
    }

    func stop() async {
        try? await eventLoop.submit {
            self.state.value.task?.cancel()
            for check in self.state.value.running.values { check.cancel() }
            self.state.value = State()
        }.get()
    }

    private func checkThoseDue() {
        guard let group = state.value.group else { return }
        let now = NIODeadline.now()
        let origins = group.origins
        let known = Set(origins.map { ObjectIdentifier($0) })
        state.value.dueAt = state.value.dueAt.filter { known.contains($0.key) }
        for origin in origins {
            let key = ObjectIdentifier(origin)
            guard let interval = origin.settings.configuration.health.interval,
                now >= state.value.dueAt[key] ?? now, state.value.running[key] == nil
            else { continue }
            let pause = Double(TimeAmount(interval).nanoseconds) * jitter()
            state.value.dueAt[key] = now + .nanoseconds(Int64(pause))
            let check = Check { [weak self, origin] isAlive in
                self?.state.value.running[key] = nil
                origin.checked(isAlive: isAlive)
            }
            state.value.running[key] = check
            check.call = group.check(origin, on: eventLoop, check)
        }
    }
}

/// One check: any answer below 500 will do, and its body is not wanted.
private final class Check: UpstreamReceiver {
    var call: (any UpstreamCall)?
    private var onEnd: ((Bool) -> Void)?

    init(onEnd: @escaping (Bool) -> Void) {
        self.onEnd = onEnd
    }

    func cancel() {
        onEnd = nil
        call?.cancel()
        call = nil
    }

    func head(_ head: UpstreamHead) {
        let call = call
        finish(head.status < 500)
        call?.cancel()
    }

    func failed(_ error: UpstreamError) {
        finish(false)
    }

    func interim(_ head: UpstreamHead) {}
    func body(_ bytes: ByteBuffer) {}
    func end() {}
    func canSendMore() {}

    private func finish(_ isAlive: Bool) {
        let onEnd = onEnd
        self.onEnd = nil
        call = nil
        onEnd?(isAlive)
    }
}
