import NIOCore
import NIOHPACK

/// A request's fields, checked, and written as a head of HTTP/1.1. RFC 9113 §8.2-§8.3
///
/// So one scanner checks what all requests have in common, and handlers see one kind of request.
/// What would let a client write a second line into that head is refused here.
struct HTTP2RequestFields {
    /// The whole head, the empty line included.
    private(set) var head = ByteBuffer()
    /// As `content-length` says; nothing where it is not sent.
    private(set) var contentLengthBytes: UInt64?
    private(set) var priority = HTTP2Priority()

    private struct Target {
        var method: String?
        var scheme: String?
        var path: String?
        var authority: String?
    }

    /// - Parameters:
    ///   - fields: as they came.
    ///   - buffer: memory to write into.
    /// - Throws: `MalformedRequest`.
    init(_ fields: HPACKHeaders, into buffer: ByteBuffer) throws(MalformedRequest) {
        head = buffer
        head.clear()
        var target = Target()
        var isTargetOver = false
        var host: String?
        var cookie: String?
        for (name, value, _) in fields {
            guard value.utf8.allSatisfy(ASCII.isFieldValue) else { throw .badFieldValue }
            if name.utf8.first == ASCII.colon {
                guard !isTargetOver else { throw .badPseudoField }
                try Self.note(name, value, &target)
                continue
            }
            if !isTargetOver {
                isTargetOver = true
                try writeRequestLine(target)
            }
            switch name {
            case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
                throw .connectionField
            case "te":
                guard value == "trailers" else { throw .connectionField }
                continue
            case "host":
                guard host == nil else { throw .badAuthority }
                host = value
                continue
            case "cookie":
                // Split so that it compresses better; one line again. §8.2.3
                cookie = cookie.map { $0 + "; " + value } ?? value
                continue
            case "content-length":
                try noteContentLength(value)
            case "priority":
                priority.apply(value)
            default: break
            }
            guard name.utf8.allSatisfy(Self.isFieldName) else { throw .badFieldName }
            writeLine(name, value)
        }
        if !isTargetOver { try writeRequestLine(target) }
        if let host, let authority = target.authority, host != authority { throw .badAuthority }
        if let host = target.authority ?? host { writeLine("host", host) }
        if let cookie { writeLine("cookie", cookie) }
        head.writeStaticString("\r\n")
    }

    /// Each once, known ones only. §8.3
    private static func note(
        _ name: String,
        _ value: String,
        _ target: inout Target
    ) throws(MalformedRequest) {
        let part: WritableKeyPath<Target, String?>
        switch name {
        case ":method": part = \.method
        case ":scheme": part = \.scheme
        case ":path": part = \.path
        case ":authority": part = \.authority
        default: throw .badPseudoField
        }
        guard target[keyPath: part] == nil else { throw .badPseudoField }
        target[keyPath: part] = value
    }

    private mutating func writeRequestLine(_ target: Target) throws(MalformedRequest) {
        guard let method = target.method, !method.isEmpty, method.utf8.allSatisfy(ASCII.isToken)
        else { throw .badPseudoField }
        let path: String
        if method == "CONNECT" {
            // To an authority alone; it is refused as a method. §8.5
            guard target.scheme == nil, target.path == nil, let authority = target.authority
            else { throw .badPseudoField }
            path = authority
        } else {
            guard target.scheme?.isEmpty == false, let given = target.path else {
                throw .badPseudoField
            }
            guard given.utf8.first == UInt8(ascii: "/") || (given == "*" && method == "OPTIONS")
            else { throw .badPath }
            path = given
        }
        guard !path.isEmpty, path.utf8.allSatisfy({ $0 > ASCII.space && $0 < 0x7F }) else {
            throw .badPath
        }
        head.writeString(method)
        head.writeStaticString(" ")
        head.writeString(path)
        head.writeStaticString(" HTTP/1.1\r\n")
    }

    private mutating func noteContentLength(_ value: String) throws(MalformedRequest) {
        guard contentLengthBytes == nil, !value.isEmpty, value.utf8.allSatisfy(ASCII.isDigit),
            let size = UInt64(value)
        else { throw .badContentLength }
        contentLengthBytes = size
    }

    private mutating func writeLine(_ name: String, _ value: String) {
        head.writeString(name)
        head.writeStaticString(": ")
        head.writeString(value)
        head.writeStaticString("\r\n")
    }

    /// A token without capitals. §8.2.1
    private static func isFieldName(_ byte: UInt8) -> Bool {
        ASCII.isToken(byte) && byte == ASCII.lowercased(byte)
    }
}

/// Why a request ends its stream with `PROTOCOL_ERROR`. RFC 9113 §8.1.1
enum MalformedRequest: Error, Hashable, Sendable {
    case badPseudoField
    case badPath
    case badFieldName
    case badFieldValue
    case badAuthority
    case badContentLength
    /// A field that speaks of a connection of HTTP/1.1. §8.2.2
    case connectionField
}
