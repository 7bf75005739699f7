import NIOCore

/// Writes answers' heads; one for each event loop, as it keeps the date's text for a second.
struct HeadWriter {
    /// A head without further fields fits into this many bytes.
    static let typicalSizeBytes = 1024

    private(set) var dateText = ""
    private var dateSecond = Int64.min

    /// What every answer carries so that players on any page may use it. Fetch §3.2, Resource
    /// Timing §3.4
    private static let sharedFields: StaticString = """
        Access-Control-Allow-Origin: *\r
        Access-Control-Expose-Headers: Content-Length, Content-Range, Content-Encoding, Date, ETag, \
        Age, Server-Timing, X-Request-Id\r
        Timing-Allow-Origin: *\r
        Cross-Origin-Resource-Policy: cross-origin\r
        X-Request-Id: \

        """

    /// The wall clock in Unix seconds.
    mutating func setTime(_ unixSeconds: Int64) {
        guard unixSeconds != dateSecond else { return }
        dateSecond = unixSeconds
        dateText = HTTPDate.format(unixSeconds)
    }

    enum Persistence { case implied, keepAlive, close }

    /// The head of a handler's answer.
    func write(
        _ representation: Representation,
        of response: MediaResponse,
        requestID: RequestID,
        persistence: Persistence,
        to buffer: inout ByteBuffer
    ) {
        writeStart(representation.status, to: &buffer)
        if let age = response.ageSeconds {
            buffer.writeStaticString("Age: ")
            buffer.writeString(String(age))
            buffer.writeStaticString("\r\n")
        }
        if let fields = response.preparedFields, representation.isWhole {
            buffer.writeImmutableBuffer(fields)
        } else {
            Self.writeFields(representation, of: response, to: &buffer)
        }
        writeEnd(requestID, persistence, to: &buffer)
    }

    /// The fields that depend on nothing but the answer and what of it is sent.
    static func writeFields(
        _ representation: Representation,
        of response: MediaResponse,
        to buffer: inout ByteBuffer
    ) {
        writeContent(representation, of: response, to: &buffer)
        if let tag = response.entityTag, hasValidators(representation.status) {
            buffer.writeStaticString("ETag: \"")
            buffer.writeString(tag)
            if representation.isGzip { buffer.writeString(Representation.gzipSuffix) }
            buffer.writeStaticString("\"\r\n")
        }
        if let lastModified = response.lastModified, hasValidators(representation.status) {
            buffer.writeStaticString("Last-Modified: ")
            HTTPDate.write(lastModified, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        if !response.cacheControl.isEmpty {
            buffer.writeField("Cache-Control: ", response.cacheControl)
        }
        if representation.variesByEncoding {
            buffer.writeStaticString("Vary: Accept-Encoding\r\n")
        }
        for (name, value) in response.extraHeaders {
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeFieldValue(value)
            buffer.writeStaticString("\r\n")
        }
    }

    /// The answer to a preflight request, and to any other OPTIONS. Fetch §3.2
    func writePreflight(
        requestID: RequestID,
        persistence: Persistence,
        to buffer: inout ByteBuffer
    ) {
        writeStart(204, to: &buffer)
        buffer.writeStaticString(
            """
            Allow: GET, HEAD, OPTIONS\r
            Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r
            Access-Control-Allow-Headers: *, Range, If-Range, If-None-Match, X-Request-Id\r
            Access-Control-Max-Age: 86400\r

            """
        )
        writeEnd(requestID, persistence, to: &buffer)
    }

    // MARK: - Parts

    private func writeStart(_ status: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(StatusLine.text(status))
        buffer.writeField("Date: ", dateText)
    }

    private static func writeContent(
        _ representation: Representation,
        of response: MediaResponse,
        to buffer: inout ByteBuffer
    ) {
        switch representation.status {
        case 304, 204: return
        case 416:
            buffer.writeStaticString("Content-Range: bytes */")
            buffer.writeString(String(representation.sizeBytes))
            buffer.writeStaticString("\r\nContent-Length: 0\r\n")
            return
        case 206:
            buffer.writeStaticString("Content-Range: bytes ")
            buffer.writeString(String(representation.part.lowerBound))
            buffer.writeStaticString("-")
            buffer.writeString(String(representation.part.upperBound - 1))
            buffer.writeStaticString("/")
            buffer.writeString(String(representation.sizeBytes))
            buffer.writeStaticString("\r\n")
        default: break
        }
        if !response.contentType.isEmpty {
            buffer.writeField("Content-Type: ", response.contentType)
        }
        if representation.isSizeKnown {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(representation.part.count))
            buffer.writeStaticString("\r\n")
        } else if representation.isChunked {
            buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        }
        if representation.isGzip { buffer.writeStaticString("Content-Encoding: gzip\r\n") }
        if representation.status < 300, representation.isSizeKnown {
            buffer.writeStaticString("Accept-Ranges: bytes\r\n")
        }
    }

    private func writeEnd(
        _ requestID: RequestID,
        _ persistence: Persistence,
        to buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(Self.sharedFields)
        requestID.write(to: &buffer)
        switch persistence {
        case .implied: buffer.writeStaticString("\r\n\r\n")
        case .keepAlive: buffer.writeStaticString("\r\nConnection: keep-alive\r\n\r\n")
        case .close: buffer.writeStaticString("\r\nConnection: close\r\n\r\n")
        }
    }

    private static func hasValidators(_ status: Int) -> Bool {
        status == 200 || status == 206 || status == 304 || status == 416
    }
}

extension ByteBuffer {
    /// A field whose value is known to hold no control bytes.
    mutating func writeField(_ name: StaticString, _ value: String) {
        writeStaticString(name)
        writeString(value)
        writeStaticString("\r\n")
    }

    /// A value that may have come from outside: no byte of it ends the field.
    mutating func writeFieldValue(_ value: String) {
        guard value.utf8.allSatisfy(ASCII.isFieldValue) else {
            writeBytes(value.utf8.map { ASCII.isFieldValue($0) ? $0 : ASCII.space })
            return
        }
        writeString(value)
    }
}
