/// Field lines. RFC 9112 §5, RFC 9110 §5
extension RequestScanner {
    /// Checks every field line, and notes the few that the lane acts on.
    func scanFields(_ bytes: Span<UInt8>, _ head: inout RequestHead) throws(RequestFault) {
        var hostCount = 0
        var fieldCount = 0
        var hasContentLength = false
        var codings = 0
        var index = head.fields.bytes.lowerBound
        let end = head.fields.bytes.upperBound
        while index < end {
            let name = try scanName(bytes, &index)
            let value = try scanValue(bytes, &index)
            fieldCount += 1
            guard fieldCount <= limits.fieldCount else { throw .tooManyFields }
            switch name.count {
            case 4 where ASCII.equals(bytes, name, "host"):
                hostCount += 1
                try checkHost(bytes, value)
                if !head.host.isPresent { head.host = FieldSpan(value) }
            case 5 where ASCII.equals(bytes, name, "range"):
                head.range.note(value)
            case 6 where ASCII.equals(bytes, name, "expect"):
                head.expectsContinue =
                    !head.hasExpectation && ASCII.equals(bytes, value, "100-continue")
                head.hasExpectation = true
            case 7 where ASCII.equals(bytes, name, "upgrade"):
                head.upgrade.note(value)
            case 8 where ASCII.equals(bytes, name, "if-range"):
                head.ifRange.note(value)
            case 10 where ASCII.equals(bytes, name, "connection"):
                scanConnection(bytes, value, &head)
            case 12 where ASCII.equals(bytes, name, "x-request-id"):
                head.requestID.note(value)
            case 12 where ASCII.equals(bytes, name, "cmcd-session"):
                head.hasCMCD = true
            case 13 where ASCII.equals(bytes, name, "if-none-match"):
                head.ifNoneMatch.note(value)
            case 14 where ASCII.equals(bytes, name, "content-length"):
                guard !hasContentLength, let length = ASCII.number(bytes, value) else {
                    throw .badContentLength
                }
                hasContentLength = true
                head.contentLengthBytes = length
            case 15 where ASCII.equals(bytes, name, "accept-encoding"):
                head.acceptEncoding.note(value)
            case 17 where ASCII.equals(bytes, name, "if-modified-since"):
                head.ifModifiedSince.note(value)
            case 17 where ASCII.equals(bytes, name, "transfer-encoding"):
                try scanTransferEncoding(bytes, value, &head)
                codings += 1
            default: break
            }
        }
        // Which of two lengths holds is what smugglers ask. RFC 9112 §6.1, §6.3
        guard codings == 0 || (codings == 1 && !hasContentLength && head.version == .http11) else {
            throw .transferEncoding
        }
        guard hostCount == 1 || (hostCount == 0 && head.version == .http10) else {
            throw .badHost
        }
    }

    /// A name and its colon, nothing between them: a gap is how requests are smuggled. §5.1
    private func scanName(
        _ bytes: Span<UInt8>,
        _ index: inout Int
    ) throws(RequestFault) -> Range<Int> {
        let start = index
        if bytes[start] == ASCII.space || bytes[start] == ASCII.tab { throw .foldedField }
        while ASCII.isToken(bytes[index]) { index += 1 }
        guard index > start, bytes[index] == ASCII.colon else { throw .badFieldName }
        defer { index += 1 }
        return start..<index
    }

    /// The value up to CRLF, trimmed.
    ///
    /// Lines are known to end with CRLF.
    private func scanValue(
        _ bytes: Span<UInt8>,
        _ index: inout Int
    ) throws(RequestFault) -> Range<Int> {
        let start = index
        while ASCII.isFieldValue(bytes[index]) { index += 1 }
        guard bytes[index] == ASCII.carriageReturn, bytes[index + 1] == ASCII.lineFeed else {
            throw .badFieldValue
        }
        defer { index += 2 }
        return ASCII.trimmed(bytes, start..<index)
    }

    /// `Host` has no list, no user, no space; an empty one is allowed. RFC 9110 §7.2
    func checkHost(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(RequestFault) {
        for index in value {
            switch bytes[index] {
            case ASCII.space, ASCII.tab, ASCII.comma, UInt8(ascii: "@"), UInt8(ascii: "/"),
                UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0x80...:
                throw .badHost
            default: break
            }
        }
    }

    /// `chunked`, alone and once, is the one coding that is known. RFC 9112 §6.1, §7
    private func scanTransferEncoding(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        _ head: inout RequestHead
    ) throws(RequestFault) {
        guard takesAllMethods else { throw .transferEncoding }
        var codings = 0
        var chunked = 0
        ASCII.forEachElement(bytes, value) { coding in
            codings += 1
            if ASCII.equals(bytes, coding, "chunked") { chunked += 1 }
        }
        guard codings > 0, chunked < 2 else { throw .transferEncoding }
        guard codings == 1, chunked == 1 else { throw .unknownTransferCoding }
        head.isChunked = true
    }

    private func scanConnection(
        _ bytes: Span<UInt8>,
        _ value: Range<Int>,
        _ head: inout RequestHead
    ) {
        ASCII.forEachElement(bytes, value) { option in
            if ASCII.equals(bytes, option, "close") { head.asksToClose = true }
            if ASCII.equals(bytes, option, "keep-alive") { head.asksToKeepAlive = true }
            if ASCII.equals(bytes, option, "upgrade") { head.asksToUpgrade = true }
        }
    }
}

extension FieldSpan {
    /// Keeps the first line's place and counts the rest.
    fileprivate mutating func note(_ value: Range<Int>) {
        guard occurrences == 0 else { return occurrences += 1 }
        self = FieldSpan(value)
    }
}
