import NIOCore

/// An HTTP/1.1 exchange that a relay answers: the client's side of it.
///
/// Used on the connection's event loop only. It is the phase of its connection, and lets go of both
/// connection and relay when the exchange is over; calls that come later do nothing. What is sent is
/// flushed at the end of the event loop's turn, whatever it is: events and messages must not wait.
final class RelayedExchange: RelayClient {
    /// What of the answer was sent, and how the rest is framed.
    enum Output: Hashable {
        case nothing
        case sized(remainingBytes: UInt64)
        case chunked
        case untilClose
        /// No body may follow the head; what is sent is dropped.
        case headOnly
        /// After 101, bytes as they are.
        case switched
        /// The same, but the relay's side is closed.
        case switchedAndEnded
    }

    let exchange: Exchange
    let eventLoop: any EventLoop
    var connection: MediaConnection?
    var relay: (any ExchangeRelay)?
    var output = Output.nothing

    private var body: RequestBody
    private(set) var isBodyRead: Bool
    private var isClientEnded = false
    /// The client waits for 100 before it sends its body. RFC 9110 §10.1.1
    private(set) var isContinueDue: Bool
    let isHTTP11: Bool
    let maySwitch: Bool
    /// The relay was told, or could see, that it must wait.
    private var isBlocked = false
    /// When a byte last went either way.
    var movedAt = NIODeadline.now()

    init(
        _ exchange: Exchange,
        _ head: RequestHead,
        _ relay: any ExchangeRelay,
        connection: MediaConnection
    ) {
        self.exchange = exchange
        self.eventLoop = connection.loop.eventLoop
        self.connection = connection
        self.relay = relay
        self.body = RequestBody(head, limits: connection.loop.limits)
        self.isBodyRead = !head.hasBody
        self.isHTTP11 = head.version == .http11
        self.isContinueDue = head.expectsContinue && head.hasBody && isHTTP11
        self.maySwitch = isHTTP11 && head.asksToUpgrade && head.upgrade.isPresent && !head.hasBody
    }

    func start() {
        relay?.start(self)
        // Without a body, the end is told whether or not the relay reads; but not to one that has
        // switched already, to which it would mean the end of what the client sends.
        let isSwitched = output == .switched || output == .switchedAndEnded
        if isBodyRead, !isSwitched { relay?.receivedEnd() }
        connection?.advanceSoon()
    }

    // MARK: - For the relay

    var canTakeMore: Bool {
        guard let connection else { return false }
        isBlocked = !connection.isWritable
        return !isBlocked
    }

    var isReading = true {
        didSet {
            guard isReading, !oldValue else { return }
            movedAt = .now()
            connection?.advanceSoon()
        }
    }

    /// Lets go of both sides.
    ///
    /// - Returns: the relay, if it is still to be told that the client is gone.
    @discardableResult
    func release() -> (any ExchangeRelay)? {
        defer {
            relay = nil
            connection = nil
        }
        return relay
    }

    // MARK: - For the connection

    /// The channel is gone, which is no harm once the relay's side of a switched one is closed.
    func leave() {
        let wasAborted = output != .switchedAndEnded
        let connection = connection
        let relay = release()
        connection?.report(exchange, wasAborted: wasAborted)
        relay?.clientGone()
    }

    func advance() {
        if isBlocked, connection?.isWritable == true {
            isBlocked = false
            relay?.clientCanTakeMore()
        }
        while isReading, let connection, let relay {
            let goesOn =
                switch output {
                case .switched, .switchedAndEnded: readSwitched(connection, relay)
                default: readBody(connection, relay)
                }
            guard goesOn else { return }
        }
    }

    func noteWritten() {
        movedAt = .now()
        isBlocked = connection?.isWritable == false
        connection?.advanceSoon()
    }

    /// Passes the next bytes of the body on; whether there may be more.
    private func readBody(_ connection: MediaConnection, _ relay: any ExchangeRelay) -> Bool {
        guard !isBodyRead else { return false }
        do throws(RequestFault) {
            switch try body.next(&connection.input) {
            case .bytes(let bytes):
                movedAt = .now()
                isContinueDue = false
                relay.received(bytes)
            case .end:
                isBodyRead = true
                relay.receivedEnd()
            case .needsMore:
                if connection.isInputClosed {
                    cut()
                } else if isContinueDue, output == .nothing {
                    isContinueDue = false
                    connection.writeInterim(status: 100, fields: [])
                }
                return false
            }
        } catch {
            end(with: { connection.refuse(error, $0) })
            return false
        }
        return true
    }

    private func readSwitched(_ connection: MediaConnection, _ relay: any ExchangeRelay) -> Bool {
        guard !isClientEnded else { return false }
        if connection.input.readableBytes > 0 {
            let bytes = connection.input
            connection.input = ByteBuffer()
            movedAt = .now()
            relay.received(bytes)
            return true
        }
        guard connection.isInputClosed else { return false }
        isClientEnded = true
        relay.receivedEnd()
        finishSwitched()
        return false
    }

    /// Once both sides of a switched connection are closed.
    func finishSwitched() {
        guard output == .switchedAndEnded, isClientEnded, let connection else { return }
        release()
        exchange.persistence = .close
        connection.finishRelayed(exchange)
    }

    // MARK: - Limits of time

    /// Called by the loop's timer while the client has taken all that was sent.
    func checkTime(_ now: NIODeadline) {
        guard let connection else { return }
        let times = connection.loop.times
        let idle = now - movedAt
        switch output {
        case .switched where !isClientEnded:
            if idle >= times.switchedIdle { cut() }
        case .switched, .switchedAndEnded:
            if idle >= times.idle { cut() }
        default:
            if !isBodyRead, isReading, idle >= times.bodyStall {
                end(with: { connection.refuseSlowBody($0) })
            } else if connection.isInputClosed, idle >= times.idle {
                // It may still wait for its answer; more often it left, which looks the same.
                cut()
            }
        }
    }

    /// Answers in the relay's place where that is still possible, else cuts the answer.
    private func end(with answer: (Exchange) -> Void) {
        guard output == .nothing, let connection else { return cut() }
        let relay = release()
        relay?.clientGone()
        connection.answerInPlaceOfRelay(exchange, answer)
    }

    private func cut() {
        guard let connection else { return }
        let relay = release()
        connection.cutRelayed(exchange)
        relay?.clientGone()
    }
}
