/// Sees what the lane does: metrics, logs.
///
/// Called on event loops, several at once, and so must be cheap and must not block.
package protocol MediaObserver: Sendable {
    func connectionOpened()
    func connectionClosed()
    func connectionRefused(_ reason: RefusalReason)
    func finished(_ record: RequestRecord)
}

/// Why a connection got no request in.
package enum RefusalReason: String, CaseIterable, Hashable, Sendable {
    /// As many connections as `MediaLimits.connectionCount` are open.
    case connectionLimit = "connection_limit"
    /// The server is being stopped.
    case draining
    /// It began with no PROXY protocol header, or with a bad one.
    case proxyHeader = "proxy_header"
}

/// What became of one request.
package struct RequestRecord: Sendable {
    package var requestID: RequestID
    package var peerAddress: String
    /// As sent, `GET` or another; `-` where the head could not be read.
    package var method: String
    /// The target's path as sent; empty where the head could not be read.
    package var path: String
    package var kind: MediaKind
    package var status: Int
    /// Bytes of head and body that were given to the socket.
    package var bytesSent: UInt64
    /// From the whole head's arrival to the first byte's writing.
    package var firstByteTime: Duration
    /// From the whole head's arrival to the last byte's acceptance by the kernel; for small answers
    /// to their writing.
    package var totalTime: Duration
    /// The connection went before the answer was whole.
    package var wasAborted: Bool

    package init(
        requestID: RequestID,
        peerAddress: String,
        method: String,
        path: String,
        kind: MediaKind,
        status: Int,
        bytesSent: UInt64,
        firstByteTime: Duration,
        totalTime: Duration,
        wasAborted: Bool
    ) {
        self.requestID = requestID
        self.peerAddress = peerAddress
        self.method = method
        self.path = path
        self.kind = kind
        self.status = status
        self.bytesSent = bytesSent
        self.firstByteTime = firstByteTime
        self.totalTime = totalTime
        self.wasAborted = wasAborted
    }
}

/// Several observers as one.
package struct MediaObservers: MediaObserver {
    private let observers: [any MediaObserver]

    package init(_ observers: [any MediaObserver]) {
        self.observers = observers
    }

    package func connectionOpened() {
        for observer in observers { observer.connectionOpened() }
    }

    package func connectionClosed() {
        for observer in observers { observer.connectionClosed() }
    }

    package func connectionRefused(_ reason: RefusalReason) {
        for observer in observers { observer.connectionRefused(reason) }
    }

    package func finished(_ record: RequestRecord) {
        for observer in observers { observer.finished(record) }
    }
}
