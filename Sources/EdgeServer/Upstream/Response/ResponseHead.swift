/// An answer's head as the parser found it.
package struct ResponseHead: Sendable {
    /// How the end of the body is found. RFC 9112 §6.3
    package enum Framing: Hashable, Sendable {
        case none
        case sized(UInt64)
        case chunked
        /// Ends with the connection.
        case untilClosed
        /// The connection speaks another protocol from here on.
        case switched
    }

    package var status: Int
    /// Names in lower case, in order; those of the connection are gone.
    package var fields: [(name: String, value: String)]
    /// As the field says, also where the answer has no body.
    package var contentLengthBytes: UInt64?
    package var framing: Framing
    /// Whether the connection may serve another request after this answer.
    package var keepsAlive: Bool
}
