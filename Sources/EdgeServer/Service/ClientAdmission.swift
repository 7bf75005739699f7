import MediaHTTP
import Platform

/// The caps on connections as the lane asks about them.
struct ClientAdmission: ConnectionAdmission {
    private let caps: ConnectionCaps
    private let gate: CurrentGate
    private let counters: AccessCounters

    init(_ caps: ConnectionCaps, _ gate: CurrentGate, _ counters: AccessCounters) {
        self.caps = caps
        self.gate = gate
        self.counters = counters
    }

    func enter(_ client: IPAddress) -> Bool {
        guard caps.enter(client, isExempt: gate.gate.isExempt(client)) else {
            counters.countRefusedConnection()
            return false
        }
        return true
    }

    func leave(_ client: IPAddress) {
        caps.leave(client)
    }
}
