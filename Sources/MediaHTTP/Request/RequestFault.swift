/// Why a request was refused before its handler saw it.
package enum RequestFault: Error, Hashable, Sendable {
    /// A line ended without CR, or a CR stood alone. RFC 9112 §2.2
    case bareLineFeed
    /// The request line is not `method SP target SP version`. RFC 9112 §3
    case badRequestLine
    /// The target is neither a path, an absolute address nor `*`. RFC 9112 §3.2
    case badTarget
    /// A field name has bytes that are no token, or no colon follows it. RFC 9112 §5
    case badFieldName
    /// A field value has control bytes. RFC 9110 §5.5
    case badFieldValue
    /// A line that continues the one before. RFC 9112 §5.2
    case foldedField
    /// No `Host`, several, or one that is no authority. RFC 9112 §3.2
    case badHost
    /// `Content-Length` is no number or was sent twice. RFC 9112 §6.3
    case badContentLength
    /// `Transfer-Encoding` was sent where no request has such a body, or beside a
    /// `Content-Length`, twice, or over HTTP/1.0. RFC 9112 §6.1
    case transferEncoding
    /// A transfer coding other than `chunked`. RFC 9112 §6.1
    case unknownTransferCoding
    /// A chunk's size line, its end or a trailer is malformed or too long. RFC 9112 §7.1
    case badChunk
    case targetTooLong
    case headTooLarge
    case tooManyFields
    case unsupportedVersion
    case bodyTooLarge

    /// The one table from fault to status. RFC 9110 §15.5, RFC 6585 §5
    package var status: Int {
        switch self {
        case .bareLineFeed, .badRequestLine, .badTarget, .badFieldName, .badFieldValue,
            .foldedField, .badHost, .badContentLength, .transferEncoding, .badChunk:
            400
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .unknownTransferCoding: 501
        case .unsupportedVersion: 505
        }
    }

    /// For programs, in the error's JSON.
    package var code: String {
        switch self {
        case .bareLineFeed: "bare_line_feed"
        case .badRequestLine: "bad_request_line"
        case .badTarget: "bad_target"
        case .badFieldName: "bad_field_name"
        case .badFieldValue: "bad_field_value"
        case .foldedField: "folded_field"
        case .badHost: "bad_host"
        case .badContentLength: "bad_content_length"
        case .transferEncoding: "transfer_encoding"
        case .unknownTransferCoding: "unknown_transfer_coding"
        case .badChunk: "bad_chunk"
        case .targetTooLong: "target_too_long"
        case .headTooLarge: "head_too_large"
        case .tooManyFields: "too_many_fields"
        case .unsupportedVersion: "unsupported_version"
        case .bodyTooLarge: "body_too_large"
        }
    }
}
