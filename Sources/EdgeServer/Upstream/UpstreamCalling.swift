package import NIOCore

/// Calls origins, or a shield, and says which of them answered.
package protocol UpstreamCalling: Sendable {
    /// Starts a call; nothing is told to the receiver before this returns.
    ///
    /// - Parameters:
    ///   - request: what to ask.
    ///   - excluding: origins not to ask, such as those that were tried.
    ///   - eventLoop: the one this is called on, where the receiver hears of the answer.
    ///   - receiver: kept until the call is over.
    /// - Returns: the call, to be sent a body by, slowed down or cancelled.
    func call(
        _ request: UpstreamRequest,
        excluding: Set<OriginID>,
        on eventLoop: any EventLoop,
        receiver: any UpstreamReceiver
    ) -> any UpstreamCall
}

/// A call under way; used on its event loop only.
package protocol UpstreamCall: AnyObject {
    /// Sends bytes of the request's body; after a switch of protocols, any bytes.
    func send(_ bytes: ByteBuffer)
    /// The request's body, or our side of a switched connection, is at its end.
    func sendEnd()
    /// Whether the answer is read.
    ///
    /// What was read when this turns false still arrives: at most one read of the socket.
    var isReading: Bool { get set }
    /// False while what was sent waits for the origin.
    var canSendMore: Bool { get }
    /// Which origin it goes to; nothing where none could be asked.
    var origin: OriginID? { get }
    /// Ends the call where it is; the receiver hears nothing more.
    func cancel()
}
