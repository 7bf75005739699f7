package import Platform

/// Says whether a client may have another connection; called on event loops.
package protocol ConnectionAdmission: Sendable {
    /// - Returns: whether it may stay; `leave` follows then, once.
    func enter(_ client: IPAddress) -> Bool
    func leave(_ client: IPAddress)
}
