import NIOCore

/// Reads a whole head, every line of which is known to end with CRLF.
struct ResponseHeadReader {
    let limits: UpstreamLimits
    let request: ResponseParser.Request

    /// What the fields say of framing and of the connection.
    private struct Framing {
        var contentLength: UInt64?
        var isChunked = false
        var closes = false
        var keepsAlive = false
        /// Named by `Connection`, so meant for us alone. RFC 9110 §7.6.1
        var connectionOptions: [String] = []
    }

    func read(_ input: ByteBuffer, sizeBytes: Int) throws(ResponseFault) -> ResponseHead {
        let bytes = input.readableBytesUInt8Span.extracting(0..<sizeBytes)
        var index = 0
        let (status, isVersion11) = try readStatusLine(bytes, &index)
        var framing = Framing()
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(16)
        while bytes[index] != HTTPOctets.carriageReturn {
            let field = try readField(input, bytes, &index)
            guard fields.count < limits.fieldCount else { throw .tooManyFields }
            try note(field, isVersion11, &framing)
            fields.append(field)
        }
        guard index == sizeBytes - 2 else { throw .badFieldName }
        return try makeHead(status, isVersion11, fields, framing)
    }

    // MARK: - Lines

    /// `HTTP/1.1 200 OK`; the reason may be missing, and the space before it too, as some servers
    /// have it. RFC 9112 §4
    private func readStatusLine(
        _ bytes: Span<UInt8>,
        _ index: inout Int
    ) throws(ResponseFault) -> (status: Int, isVersion11: Bool) {
        let statusEnd = 12
        guard bytes.count > statusEnd, zip(0..<5, "HTTP/".utf8).allSatisfy({ bytes[$0] == $1 }),
            HTTPOctets.isDigit(bytes[5]), bytes[6] == UInt8(ascii: "."),
            HTTPOctets.isDigit(bytes[7]), bytes[8] == HTTPOctets.space
        else { throw .badStatusLine }
        guard bytes[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        var status = 0
        for place in 9..<statusEnd {
            guard HTTPOctets.isDigit(bytes[place]) else { throw .badStatusLine }
            status = status * 10 + Int(bytes[place] - UInt8(ascii: "0"))
        }
        guard (100..<600).contains(status) else { throw .badStatusLine }
        index = statusEnd
        if bytes[index] == HTTPOctets.space {
            while HTTPOctets.isFieldValue(bytes[index]) { index += 1 }
        }
        guard bytes[index] == HTTPOctets.carriageReturn, bytes[index + 1] == HTTPOctets.lineFeed
        else { throw .badStatusLine }
        index += 2
        return (status, bytes[7] != UInt8(ascii: "0"))
    }

    private func readField(
        _ input: ByteBuffer,
        _ bytes: Span<UInt8>,
        _ index: inout Int
    ) throws(ResponseFault) -> (name: String, value: String) {
        let start = index
        if bytes[start] == HTTPOctets.space || bytes[start] == HTTPOctets.tab {
            throw .foldedField
        }
        while HTTPOctets.isToken(bytes[index]) { index += 1 }
        guard index > start, bytes[index] == HTTPOctets.colon else { throw .badFieldName }
        let name = start..<index
        index += 1
        var lower = index
        while HTTPOctets.isFieldValue(bytes[index]) { index += 1 }
        var upper = index
        guard bytes[index] == HTTPOctets.carriageReturn, bytes[index + 1] == HTTPOctets.lineFeed
        else { throw .badFieldValue }
        index += 2
        while lower < upper, isBlank(bytes[lower]) { lower += 1 }
        while lower < upper, isBlank(bytes[upper - 1]) { upper -= 1 }
        return (text(input, name).lowercased(), text(input, lower..<upper))
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == HTTPOctets.space || byte == HTTPOctets.tab
    }

    /// Bytes above ASCII that are no UTF-8 become U+FFFD: fields are not for them. RFC 9110 §5.5
    private func text(_ input: ByteBuffer, _ range: Range<Int>) -> String {
        input.getString(at: input.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    // MARK: - Meaning

    private func note(
        _ field: (name: String, value: String),
        _ isVersion11: Bool,
        _ framing: inout Framing
    ) throws(ResponseFault) {
        switch field.name {
        case "content-length":
            guard framing.contentLength == nil, let length = HTTPOctets.decimal(field.value)
            else { throw .badContentLength }
            framing.contentLength = length
        case "transfer-encoding":
            guard !framing.isChunked, isVersion11, field.value.lowercased() == "chunked"
            else { throw .badTransferEncoding }
            framing.isChunked = true
        case "connection":
            let options = HTTPOctets.elements(field.value)
            framing.closes = framing.closes || options.contains("close")
            framing.keepsAlive = framing.keepsAlive || options.contains("keep-alive")
            framing.connectionOptions += options
        default: break
        }
    }

    private func makeHead(
        _ status: Int,
        _ isVersion11: Bool,
        _ fields: [(name: String, value: String)],
        _ found: Framing
    ) throws(ResponseFault) -> ResponseHead {
        if found.isChunked, found.contentLength != nil { throw .contradictoryLength }
        let keepsAlive = !found.closes && (isVersion11 || found.keepsAlive)
        let framing = try bodyFraming(status, isVersion11, found)
        return ResponseHead(
            status: status,
            fields: fields.filter { field in
                !Self.isOfConnection(field.name, switches: framing == .switched)
                    && !(found.connectionOptions.contains(field.name)
                        && !Self.staysThough(field.name, switches: framing == .switched))
            },
            contentLengthBytes: found.contentLength,
            framing: framing,
            keepsAlive: keepsAlive && framing != .untilClosed && framing != .switched
        )
    }

    /// How the end of the body will be found. RFC 9112 §6.3
    private func bodyFraming(
        _ status: Int,
        _ isVersion11: Bool,
        _ found: Framing
    ) throws(ResponseFault) -> ResponseHead.Framing {
        if status == 101 {
            guard request.isUpgrade else { throw .unexpectedSwitch }
            return .switched
        }
        if request.isHead || status < 200 || status == 204 || status == 304 { return .none }
        if found.isChunked { return .chunked }
        if let length = found.contentLength { return .sized(length) }
        guard found.closes || !isVersion11 else { throw .missingLength }
        return .untilClosed
    }

    /// Fields that never go further than one connection. RFC 9110 §7.6.1
    private static func isOfConnection(_ name: String, switches: Bool) -> Bool {
        switch name {
        case "connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding":
            true
        case "upgrade": !switches
        default: false
        }
    }

    /// What `Connection` cannot take away: an answer without these would mean another thing.
    private static func staysThough(_ name: String, switches: Bool) -> Bool {
        switch name {
        case "upgrade": switches
        case "content-length", "content-encoding", "content-range", "content-type",
            "cache-control":
            true
        default: false
        }
    }
}
