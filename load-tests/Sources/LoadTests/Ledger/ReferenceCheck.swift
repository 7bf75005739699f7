import NIOCore
import Synchronization

/// Compares what viewers got with what the reference itself answers.
///
/// Each address once, one request at a time, on a loop of its own; what does not fit into the
/// queue is not compared, and not counted as compared.
final class ReferenceCheck: Sendable {
    private struct Item {
        var address: String
        var hash: UInt64
        var sizeBytes: Int
    }

    private struct State {
        var queue = CircularBuffer<Item>()
        var isBusy = false
        var isStopped = false
        var connection: NIOLoopBound<ViewerConnection>?
        var compared: UInt64 = 0
        var tally = LoopTally()
    }

    private let eventLoop: any EventLoop
    private let open: @Sendable (NIOLoopBound<ViewerConnection>) -> EventLoopFuture<any Channel>
    private let target: LoopbackTarget
    private let state = Mutex(State())

    init(
        target: LoopbackTarget,
        eventLoop: any EventLoop,
        open: @escaping @Sendable (NIOLoopBound<ViewerConnection>) -> EventLoopFuture<any Channel>
    ) {
        self.target = target
        self.eventLoop = eventLoop
        self.open = open
    }

    /// From any loop.
    func enqueue(_ address: String, hash: UInt64, sizeBytes: Int) {
        let starts = state.withLock { state in
            guard !state.isStopped, state.queue.count < CrowdLimits.referenceQueue else {
                return false
            }
            state.queue.append(Item(address: address, hash: hash, sizeBytes: sizeBytes))
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if starts { eventLoop.execute { self.next() } }
    }

    func takeTally() -> LoopTally {
        state.withLock { state in
            defer { state.tally = LoopTally() }
            return state.tally
        }
    }

    func stop() {
        let connection = state.withLock { state in
            state.isStopped = true
            state.queue.removeAll()
            defer { state.connection = nil }
            return state.connection
        }
        if let connection { eventLoop.execute { connection.value.cut() } }
    }

    private func next() {
        let (item, connection) = state.withLock { state in
            let item = state.queue.popFirst()
            if item == nil { state.isBusy = false }
            return (item, state.connection)
        }
        guard let item else { return }
        if let connection { return ask(item, on: connection.value) }
        let opened = ViewerConnection(shared: SharedReadBuffer()) { [weak self] in
            self?.state.withLock { $0.connection = nil }
        }
        let bound = NIOLoopBound(opened, eventLoop: eventLoop)
        open(bound).hop(to: eventLoop).whenComplete { result in
            switch result {
            case .success:
                self.state.withLock { $0.connection = bound }
                self.ask(item, on: bound.value)
            case .failure:
                self.state.withLock {
                    $0.tally.count(.connectFailed, at: "reference " + item.address)
                }
                self.next()
            }
        }
    }

    private func ask(_ item: Item, on connection: ViewerConnection) {
        let request = ByteBuffer(
            string:
                "GET \(target.prefix)\(item.address) HTTP/1.1\r\nHost: \(target.authority)\r\n\r\n"
        )
        connection.send(request, keepsText: false, at: .now()) { [self] result in
            state.withLock { state in
                switch result {
                case .failure: state.connection = nil
                case .success(let answer) where answer.head.status == 200:
                    let isSame =
                        answer.sink.hash.value == item.hash
                        && answer.sink.sizeBytes == item.sizeBytes
                    state.tally.referencedBodies += 1
                    if !isSame { state.tally.count(.differsFromReference, at: item.address) }
                // What the reference no longer has says nothing.
                case .success: break
                }
            }
            // Not from inside the answer: a long queue must not grow the stack.
            eventLoop.execute { self.next() }
        }
    }
}
