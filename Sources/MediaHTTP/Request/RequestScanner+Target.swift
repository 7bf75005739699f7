/// The request target. RFC 9112 §3.2
extension RequestScanner {
    /// Finds path and query in origin form, absolute form, or `*` with OPTIONS.
    func scanTarget(
        _ bytes: Span<UInt8>,
        _ target: Range<Int>,
        _ head: inout RequestHead
    ) throws(RequestFault) {
        var start = target.lowerBound
        if bytes[start] == UInt8(ascii: "*"), target.count == 1 {
            guard head.method == .options else { throw .badTarget }
            head.isWholeServer = true
            head.path = FieldSpan(start..<start)
            return
        }
        if bytes[start] != UInt8(ascii: "/") {
            // CONNECT's authority form is refused as a method, not as a target.
            if head.method == .other, !takesAllMethods || isConnect(bytes, head) {
                return head.path = FieldSpan(start..<start)
            }
            let authority = try authority(bytes, target)
            if takesAllMethods { try checkHost(bytes, authority) }
            head.host = FieldSpan(authority)
            start = authority.upperBound
            head.isWholeServer = head.method == .options && start == target.upperBound
        }
        var pathEnd = start
        while pathEnd < target.upperBound, bytes[pathEnd] != UInt8(ascii: "?") {
            // A fragment is never sent. RFC 9110 §7.1
            guard bytes[pathEnd] != UInt8(ascii: "#") else { throw .badTarget }
            pathEnd += 1
        }
        head.path = FieldSpan(start..<pathEnd)
        if pathEnd < target.upperBound {
            head.query = FieldSpan(pathEnd + 1..<target.upperBound)
        }
    }

    private func isConnect(_ bytes: Span<UInt8>, _ head: RequestHead) -> Bool {
        ASCII.equals(bytes, head.methodText.bytes, "CONNECT")
    }

    /// The authority of `http://authority/path`; the path starts where it ends.
    private func authority(
        _ bytes: Span<UInt8>,
        _ target: Range<Int>
    ) throws(RequestFault) -> Range<Int> {
        for scheme in ["http://", "https://"] {
            let end = target.lowerBound + scheme.utf8.count
            guard end < target.upperBound,
                ASCII.equals(bytes, target.lowerBound..<end, scheme)
            else { continue }
            var index = end
            while index < target.upperBound, bytes[index] != UInt8(ascii: "/"),
                bytes[index] != UInt8(ascii: "?")
            {
                index += 1
            }
            guard index > end else { throw .badTarget }
            return end..<index
        }
        throw .badTarget
    }
}
