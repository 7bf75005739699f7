/// What is wrong with an answer.
///
/// A caller hears `UpstreamError.malformed`; the case is for logs and tests.
package enum ResponseFault: Error, Hashable, Sendable {
    case badStatusLine
    case unsupportedVersion
    case bareLineFeed
    case headTooLarge
    case tooManyFields
    case badFieldName
    case badFieldValue
    /// A line that goes on from the one before. RFC 9112 §5.2
    case foldedField
    case badContentLength
    /// Anything but `chunked`, once, from HTTP/1.1.
    case badTransferEncoding
    /// Both `Content-Length` and `Transfer-Encoding`: someone is being smuggled. RFC 9112 §6.3
    case contradictoryLength
    /// A body without a length on a connection that stays open.
    case missingLength
    case badChunk
    case trailersTooLarge
    case tooManyInterimAnswers
    /// 101 where nobody asked to switch.
    case unexpectedSwitch
    /// The connection ended first.
    case cutShort
}
