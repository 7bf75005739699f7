package import NIOCore

/// One request under way; used on its event loop only.
package protocol UpstreamCall: AnyObject {
    /// More of the request's body; after a switch of protocols, whatever the client sends.
    func send(_ bytes: ByteBuffer)
    func sendEnd()
    /// Whether the answer's body is read; false holds the origin back.
    var isReading: Bool { get set }
    var canSendMore: Bool { get }
    /// Nothing is called any more.
    func cancel()
}

/// Sends requests to one of several origins.
package protocol UpstreamCalling: Sendable {
    /// - Parameters:
    ///   - request: what is asked.
    ///   - excluding: origins that were tried in vain.
    ///   - eventLoop: where the call runs; the caller is on it.
    ///   - receiver: is told everything, never from within this call.
    func call(
        _ request: UpstreamRequest,
        excluding: Set<OriginID>,
        on eventLoop: any EventLoop,
        receiver: any UpstreamReceiver
    ) -> any UpstreamCall
}
