package import NIOCore

/// An answer's head from upstream, parsed and checked.
package struct UpstreamHead: Sendable {
    package var status: Int
    /// Names in lower case, in order; hop-by-hop fields are gone.
    package var fields: [(name: String, value: String)]
    /// Nothing where the body is chunked or ends with its connection.
    package var contentLengthBytes: UInt64?
    /// Which origin answered: the address in the configuration.
    package var origin: OriginID

    package init(
        status: Int,
        fields: [(name: String, value: String)],
        contentLengthBytes: UInt64?,
        origin: OriginID
    ) {
        self.status = status
        self.fields = fields
        self.contentLengthBytes = contentLengthBytes
        self.origin = origin
    }

    /// The values of a field, joined by commas as RFC 9110 §5.3 has it.
    package func value(_ name: String) -> String? {
        var joined: String?
        for field in fields where field.name == name {
            joined = joined.map { $0 + ", " + field.value } ?? field.value
        }
        return joined
    }
}

/// One of the configured origins, by its place in the configuration.
package struct OriginID: Hashable, Sendable {
    package var index: Int

    package init(index: Int) {
        self.index = index
    }
}

/// Why a call gave no whole answer.
package enum UpstreamError: Error, Hashable, Sendable {
    /// No origin that may be asked is healthy, or all were tried.
    case noOrigin
    /// As many calls are under way as an origin may have, and as many wait.
    case tooManyCalls
    case cannotConnect
    case timedOut
    /// Closed or reset before the answer was whole.
    case closed
    /// The answer breaks HTTP, or its limits.
    case malformed
    case cancelled
}

/// Takes what a call brings, on the call's event loop and in this order.
package protocol UpstreamReceiver: AnyObject {
    func interim(_ head: UpstreamHead)
    func head(_ head: UpstreamHead)
    func body(_ bytes: ByteBuffer)
    /// The answer is whole.
    func end()
    /// Instead of `end`, at any point; nothing follows.
    func failed(_ error: UpstreamError)
    /// The request's body may go on.
    func canSendMore()
}
