import NIOCore

/// One request and what has become of it so far.
struct Exchange {
    let requestID: RequestID
    let method: String
    let path: String
    let isHead: Bool
    let startedAt: NIODeadline
    var persistence: HeadWriter.Persistence
    var conditions = Representation.Conditions()
    var acceptsGzip = false

    var kind = MediaKind.error
    var status = 0
    var bytesSent: UInt64 = 0
    var firstByteAt: NIODeadline?

    func record(peerAddress: String, wasAborted: Bool, now: NIODeadline) -> RequestRecord {
        RequestRecord(
            requestID: requestID,
            peerAddress: peerAddress,
            method: method,
            path: path,
            kind: kind,
            status: status,
            bytesSent: bytesSent,
            firstByteTime: Duration((firstByteAt ?? now) - startedAt),
            totalTime: Duration(now - startedAt),
            wasAborted: wasAborted
        )
    }
}

/// A stored body on its way.
struct Delivery {
    let body: StoredBody
    /// The bytes of the body that are asked for.
    let part: Range<UInt64>
    /// Written in front of the first piece, once that is read.
    var head: ByteBuffer?
    var cursor: BodyCursor
    /// What the kernel has not taken yet.
    var piece: Piece?

    init(body: StoredBody, part: Range<UInt64>, head: ByteBuffer) {
        self.body = body
        self.part = part
        self.head = head
        let inputSizeBytes = body.transform.map { UInt64($0.inputSizeBytes) }
        self.cursor = BodyCursor(body, part: inputSizeBytes.map { 0..<$0 } ?? part)
    }
}
