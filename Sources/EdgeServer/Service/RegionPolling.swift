import NIOCore

/// Asks the other regions how they are, each by a group of origins of its own.
final class RegionPolling: Sendable {
    private struct Region: Sendable {
        var id: String
        var group: UpstreamGroup
    }

    private let regions: [Region]
    private let steering: Steering
    private let eventLoop: any EventLoop

    /// - Throws: what is wrong with an address.
    init(_ steering: Steering, on eventLoop: any EventLoop) throws {
        self.steering = steering
        self.eventLoop = eventLoop
        regions = try steering.health.others.map { region in
            guard let url = OriginURL(text: region.baseURL) else {
                throw SteeringConfigurationError.badRegion(region.baseURL)
            }
            var configuration = UpstreamConfiguration(origins: [OriginConfiguration(url: url)])
            configuration.health.interval = nil
            return Region(
                id: region.id,
                group: try UpstreamGroup(configuration: configuration, checkingOn: eventLoop)
            )
        }
    }

    func start() {
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.interval) { _ in
            for region in self.regions { self.ask(region) }
        }
    }

    func stop() async {
        for region in regions { await region.group.stop() }
    }

    private func ask(_ region: Region) {
        var request = UpstreamRequest(target: SteeringPath.health)
        request.timeLimits.connect = .seconds(2)
        request.timeLimits.head = .seconds(2)
        request.timeLimits.stall = .seconds(2)
        let answer = HealthAnswer { [steering] in steering.health.note(region.id, body: $0) }
        _ = region.group.call(request, excluding: [], on: eventLoop, receiver: answer)
    }

    private static let interval = TimeAmount.seconds(5)
}

/// Gathers a small body.
private final class HealthAnswer: UpstreamReceiver {
    private let done: ([UInt8]?) -> Void
    private var bytes: [UInt8] = []
    private var isGood = false

    init(_ done: @escaping ([UInt8]?) -> Void) {
        self.done = done
    }

    func interim(_ head: UpstreamHead) {}
    func canSendMore() {}

    func head(_ head: UpstreamHead) {
        isGood = head.status == 200
    }

    func body(_ bytes: ByteBuffer) {
        guard self.bytes.count + bytes.readableBytes <= SteeringLimits.healthSizeBytes else {
            isGood = false
            return
        }
        self.bytes += bytes.readableBytesView
    }

    func end() {
        done(isGood ? bytes : nil)
    }

    func failed(_ error: UpstreamError) {
        done(nil)
    }
}
