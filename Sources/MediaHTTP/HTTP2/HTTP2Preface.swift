import NIOCore

/// What a client sends before its first frame. RFC 9113 §3.4
enum HTTP2Preface {
    static let bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Whether a connection's first bytes are those of the preface, and of no HTTP/1.1 request.
    ///
    /// - Parameter first: as they came; a client that splits four bytes is told 400.
    /// - Returns: whether they are.
    static func begins(_ first: ByteBuffer) -> Bool {
        let count = min(first.readableBytes, bytes.count)
        return count >= 4 && first.readableBytesView.prefix(count).elementsEqual(bytes[..<count])
    }
}
