/// Scans HTTP/1.1 request heads, strictly: what another program could read in another way is refused.
///
/// Pure and without state: the connection calls it again with more bytes while a head is incomplete,
/// and the answer for a head does not depend on how its bytes arrived. RFC 9112 §2-§3, §5-§6
package struct RequestScanner: Sendable {
    package enum Outcome: Hashable, Sendable {
        case incomplete
        case complete(RequestHead)
        case refused(RequestFault)
    }

    let limits: MediaLimits
    /// Whether methods other than GET, HEAD and OPTIONS, and bodies in chunks, have a meaning here.
    let takesAllMethods: Bool

    /// - Precondition: heads are smaller than 64 KiB, as their parts are found by 16-bit places.
    package init(limits: MediaLimits, takesAllMethods: Bool = false) {
        precondition(limits.headSizeBytes <= UInt16.max)
        self.limits = limits
        self.takesAllMethods = takesAllMethods
    }

    /// Scans the head at the start of `bytes`; what follows it is left alone.
    package func scan(_ bytes: Span<UInt8>) -> Outcome {
        do throws(RequestFault) {
            let start = leadingEmptyLine(bytes)
            guard let lines = try findLines(bytes, from: start) else { return .incomplete }
            var head = try scanRequestLine(bytes, lines.requestLine)
            head.fields = FieldSpan(lines.fields)
            head.sizeBytes = lines.fields.upperBound + 2
            try scanFields(bytes, &head)
            return .complete(head)
        } catch {
            return .refused(error)
        }
    }

    // MARK: - Lines

    private struct Lines {
        /// Without its CRLF.
        var requestLine: Range<Int>
        /// Whole lines, each with its CRLF.
        var fields: Range<Int>
    }

    /// One empty line before a request is forgiven: some old clients end a body with it. §2.2
    private func leadingEmptyLine(_ bytes: Span<UInt8>) -> Int {
        bytes.count >= 2 && bytes[0] == ASCII.carriageReturn && bytes[1] == ASCII.lineFeed ? 2 : 0
    }

    private func findLines(
        _ bytes: Span<UInt8>,
        from start: Int
    ) throws(RequestFault) -> Lines? {
        let end = min(bytes.count, limits.headSizeBytes)
        var requestLine: Range<Int>?
        var lineStart = start
        for index in start..<max(start, end) where bytes[index] == ASCII.lineFeed {
            guard index > lineStart, bytes[index - 1] == ASCII.carriageReturn else {
                throw .bareLineFeed
            }
            let line = lineStart..<index - 1
            guard let first = requestLine else {
                guard !line.isEmpty else { throw .badRequestLine }
                guard line.count <= limits.requestLineSizeBytes else { throw .targetTooLong }
                requestLine = line
                lineStart = index + 1
                continue
            }
            if line.isEmpty {
                return Lines(requestLine: first, fields: first.upperBound + 2..<lineStart)
            }
            lineStart = index + 1
        }
        // A CR may be the last byte seen of a line that is just long enough.
        if requestLine == nil, end - start > limits.requestLineSizeBytes + 1 {
            throw .targetTooLong
        }
        if bytes.count >= limits.headSizeBytes { throw .headTooLarge }
        return nil
    }

    // MARK: - Request line

    private func scanRequestLine(
        _ bytes: Span<UInt8>,
        _ line: Range<Int>
    ) throws(RequestFault) -> RequestHead {
        var index = line.lowerBound
        while index < line.upperBound, ASCII.isToken(bytes[index]) { index += 1 }
        let method = line.lowerBound..<index
        guard !method.isEmpty, index < line.upperBound, bytes[index] == ASCII.space else {
            throw .badRequestLine
        }
        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, bytes[index] > ASCII.space, bytes[index] < 0x7F {
            index += 1
        }
        let target = targetStart..<index
        guard !target.isEmpty, index < line.upperBound, bytes[index] == ASCII.space else {
            throw .badRequestLine
        }
        let version = try scanVersion(bytes, index + 1..<line.upperBound)
        var head = RequestHead(
            method: scanMethod(bytes, method),
            version: version,
            sizeBytes: 0,
            path: .absent,
            query: .absent,
            fields: .absent
        )
        head.methodText = FieldSpan(method)
        try scanTarget(bytes, target, &head)
        return head
    }

    private func scanMethod(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RequestHead.Method {
        // Methods are compared with case. RFC 9110 §9.1
        func matches(_ name: String) -> Bool {
            range.count == name.utf8.count
                && zip(range, name.utf8).allSatisfy { bytes[$0] == $1 }
        }
        return switch bytes[range.lowerBound] {
        case UInt8(ascii: "G") where matches("GET"): .get
        case UInt8(ascii: "H") where matches("HEAD"): .head
        case UInt8(ascii: "O") where matches("OPTIONS"): .options
        default: .other
        }
    }

    private func scanVersion(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) throws(RequestFault) -> RequestHead.Version {
        let name = range.lowerBound
        guard range.count == 8, bytes[name] == UInt8(ascii: "H"),
            bytes[name + 1] == UInt8(ascii: "T"),
            bytes[name + 2] == UInt8(ascii: "T"), bytes[name + 3] == UInt8(ascii: "P"),
            bytes[name + 4] == UInt8(ascii: "/"),
            ASCII.isDigit(bytes[name + 5]), bytes[name + 6] == UInt8(ascii: "."),
            ASCII.isDigit(bytes[name + 7])
        else { throw .badRequestLine }
        guard bytes[name + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return bytes[name + 7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
