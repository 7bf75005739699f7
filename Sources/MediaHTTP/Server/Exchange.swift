import NIOCore

/// One request and what has become of it so far.
///
/// A class, for it goes from phase to phase, and copying its texts each time would cost more than
/// the one allocation. Used on the connection's event loop only.
final class Exchange {
    let requestID: RequestID
    let method: String
    let path: String
    let isHead: Bool
    let startedAt: NIODeadline
    var persistence: HeadWriter.Persistence
    /// The client speaks HTTP/1.1.
    var takesChunks = true
    var conditions = Representation.Conditions()
    var acceptEncoding: String?

    var kind = MediaKind.error
    var status = 0
    var bytesSent: UInt64 = 0
    var firstByteAt: NIODeadline?
    var onSent: (@Sendable (UInt64) -> Void)?

    init(
        requestID: RequestID,
        method: String,
        path: String,
        isHead: Bool,
        startedAt: NIODeadline,
        persistence: HeadWriter.Persistence
    ) {
        self.requestID = requestID
        self.method = method
        self.path = path
        self.isHead = isHead
        self.startedAt = startedAt
        self.persistence = persistence
    }

    /// What became of it; asked for once, when it is over.
    func record(peerAddress: String, wasAborted: Bool, now: NIODeadline) -> RequestRecord {
        onSent?(bytesSent)
        return RequestRecord(
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

/// A stored body on its way; a class for the same reason.
final class Delivery {
    let body: StoredBody
    /// The bytes of the body that are asked for.
    let part: Range<UInt64>
    /// Written in front of the first piece, once that is read.
    var head: ByteBuffer?
    var cursor: BodyCursor
    /// What the kernel has not taken yet, where it is in memory.
    var piece: Piece?
    /// Something was written that the kernel has not taken yet.
    var isInFlight = false
    private var handle: (file: StoredFile, handle: NIOFileHandle)?

    init(body: StoredBody, part: Range<UInt64>, head: ByteBuffer) {
        self.body = body
        self.part = part
        self.head = head
        let inputSizeBytes = body.transform.map { UInt64($0.inputSizeBytes) }
        self.cursor = BodyCursor(body, part: inputSizeBytes.map { 0..<$0 } ?? part)
    }

    deinit {
        try? handle?.handle.close()
    }

    /// The one handle that this answer sends from; another file's replaces it.
    func handle(for file: StoredFile) -> NIOFileHandle? {
        if let handle, handle.file === file { return handle.handle }
        try? handle?.handle.close()
        handle = file.makeHandle().map { (file, $0) }
        return handle?.handle
    }
}
