package import NIOCore

/// Takes over one exchange: it is given the request's body and writes the answer.
///
/// Used on the connection's event loop only. The lane keeps HTTP's framing: a relay sees bodies, not
/// chunks or frames, and the same relay serves HTTP/1.1 connections and HTTP/2 streams.
package protocol ExchangeRelay: AnyObject {
    /// Called once, before any other.
    func start(_ client: any RelayClient)
    /// Bytes of the request's body; after `switchProtocols`, whatever the client sends.
    func received(_ bytes: ByteBuffer)
    /// The body, which may be empty, is at its end; once more when the client's side of a switched
    /// connection is.
    func receivedEnd()
    /// `client.canTakeMore` is true again.
    func clientCanTakeMore()
    /// The client went away, or was closed by a limit; nothing is called after it.
    func clientGone()
}

/// The client's side of a relayed exchange, on its event loop.
package protocol RelayClient: AnyObject {
    var eventLoop: any EventLoop { get }
    /// False while what was sent waits for the client; send on only when told.
    var canTakeMore: Bool { get }
    /// Whether the request's body is read; a client that is not read waits.
    var isReading: Bool { get set }
    /// An interim answer, such as 100 or 103.
    func sendInterim(status: Int, fields: [(String, String)])
    /// The final answer's head; fields of framing and of the connection are the lane's own.
    func send(_ head: RelayHead)
    func send(_ bytes: ByteBuffer)
    /// The answer is whole.
    func end()
    /// The answer cannot be completed: the connection is closed, or the stream reset.
    func abort()
    /// Answers 101 with these fields; from then on bytes go both ways as they are. RFC 9110 §15.2.2
    ///
    /// Only where the request asked for it over HTTP/1.1.
    func switchProtocols(fields: [(String, String)])
}

/// An answer's head on its way through.
package struct RelayHead: Sendable {
    package enum BodySize: Hashable, Sendable {
        case none
        case sized(UInt64)
        case unknown
    }

    package var status: Int
    /// End-to-end fields in order, `Content-Length` and `Transfer-Encoding` left out.
    package var fields: [(String, String)]
    package var bodySize: BodySize
    package var kind: MediaKind

    package init(
        status: Int,
        fields: [(String, String)],
        bodySize: BodySize,
        kind: MediaKind = .other
    ) {
        self.status = status
        self.fields = fields
        self.bodySize = bodySize
        self.kind = kind
    }
}
