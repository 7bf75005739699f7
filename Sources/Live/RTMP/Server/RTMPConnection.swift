internal import Glibc
internal import Logging
internal import Synchronization

/// A connection of an encoder, for those who may end it from any thread.
///
/// The descriptor here is a second number for librtmp's socket: librtmp closes its own when it likes,
/// and a number that is closed may be somebody else's the moment after. It is closed under the lock
/// that guards its use, after the thread has ended.
final class RTMPConnection: PublisherConnection {
    /// Why somebody ended it from outside.
    enum Ending: Hashable, Sendable {
        /// Another publisher, an operator or the end of the server.
        case closed(String)
        case timeIsUp(RTMPConnectionPhase)
    }

    private struct State {
        var descriptor: Int32?
        var ending: Ending?
    }

    let peer: String
    let isSecure: Bool
    private let state: Mutex<State>
    private let phaseCode = Atomic<UInt8>(RTMPConnectionPhase.handshake.rawValue)
    private let messages = Atomic<UInt64>(0)
    private let hasEnded = Atomic<Bool>(false)

    /// - Parameters:
    ///   - descriptor: a second number for the socket, the connection's from now on.
    ///   - peer: the encoder's address.
    ///   - isSecure: whether it speaks TLS.
    init(descriptor: Int32, peer: String, isSecure: Bool) {
        state = Mutex(State(descriptor: descriptor))
        self.peer = peer
        self.isSecure = isSecure
    }

    deinit {
        state.withLock { state in
            if let descriptor = state.descriptor { Glibc.close(descriptor) }
        }
    }

    // MARK: From any thread

    func close(reason: String) {
        end(.closed(reason))
    }

    /// Shuts the socket down, which wakes its thread; the first reason counts.
    func end(_ ending: Ending) {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            if state.ending == nil { state.ending = ending }
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    /// Why it was ended from outside; nil where it was not.
    var ending: Ending? { state.withLock { $0.ending } }

    var phase: RTMPConnectionPhase {
        RTMPConnectionPhase(rawValue: phaseCode.load(ordering: .relaxed)) ?? .handshake
    }

    var messageCount: UInt64 { messages.load(ordering: .relaxed) }

    /// Whether its thread is done with it.
    var isOver: Bool { hasEnded.load(ordering: .acquiring) }

    // MARK: From its own thread

    func enter(_ phase: RTMPConnectionPhase) {
        phaseCode.store(phase.rawValue, ordering: .relaxed)
    }

    func countMessage() {
        messages.wrappingAdd(1, ordering: .relaxed)
    }

    /// Nothing is done with the socket any more.
    func finish() {
        state.withLock { state in
            if let descriptor = state.descriptor { Glibc.close(descriptor) }
            state.descriptor = nil
        }
        hasEnded.store(true, ordering: .releasing)
    }
}
