package import MediaHTTP
package import NIOCore

/// Passes one request to the origin's API upstream, and the answer back, both as they come.
///
/// Used on the client's event loop only; the call to the origin runs there too. Neither direction is
/// gathered: a side that cannot take more stops the reading of the other. A failure before the
/// answer's head is tried on another origin where that cannot do a thing twice; after the head, the
/// client's connection is cut, as nothing else tells it that the answer is not whole.
package final class PassThrough: ExchangeRelay {
    private enum Progress: Hashable {
        /// For the answer's head.
        case asking
        case answering
        case switched
        case over
    }

    private let upstream: any UpstreamCalling
    private let configuration: PassThroughConfiguration
    private let request: UpstreamRequest

    private var client: (any RelayClient)?
    private var call: (any UpstreamCall)?
    private var progress = Progress.asking
    private var attempts = 0
    private var tried: Set<OriginID> = []
    private var hasSentBody = false
    private var isBodyEnded = false

    /// - Parameters:
    ///   - request: as the lane gave it to the handler that answers with this relay.
    ///   - upstream: the origin's API.
    ///   - configuration: what is said of the client, and how long it may take.
    package init(
        _ request: MediaRequest,
        upstream: any UpstreamCalling,
        configuration: PassThroughConfiguration
    ) {
        self.upstream = upstream
        self.configuration = configuration
        self.request = UpstreamRequest(request, configuration)
    }

    private var hasBody: Bool { request.bodySize != .none }

    // MARK: - The client

    package func start(_ client: any RelayClient) {
        self.client = client
        ask()
    }

    package func received(_ bytes: ByteBuffer) {
        guard let call else { return }
        hasSentBody = true
        call.send(bytes)
        if !call.canSendMore { client?.isReading = false }
    }

    package func receivedEnd() {
        isBodyEnded = true
        // Without a body, the request was whole when it was made.
        if hasBody || progress == .switched { call?.sendEnd() }
    }

    package func clientCanTakeMore() {
        call?.isReading = true
    }

    package func clientGone() {
        leave()
    }

    // MARK: - The origin

    private func ask() {
        guard let client else { return }
        attempts += 1
        let call = upstream.call(
            request,
            excluding: tried,
            on: client.eventLoop,
            receiver: self
        )
        self.call = call
        guard hasBody else { return }
        if isBodyEnded { call.sendEnd() }
        // The body stays with the client until somebody takes it, so that an origin that cannot be
        // reached costs nothing of it, and `100 Continue` is a promise that is kept.
        client.isReading = call.canSendMore
    }

    /// Whether another origin may be asked for the same. RFC 9110 §9.2.2
    private func mayAskAnother(after error: UpstreamError) -> Bool {
        guard progress == .asking, !hasSentBody, attempts < configuration.attemptCount else {
            return false
        }
        switch error {
        // Nothing of the request has left.
        case .cannotConnect: return true
        case .closed, .malformed: return Self.idempotentMethods.contains(request.method)
        // As many have been tried as there are, or the time is up.
        case .noOrigin, .tooManyCalls, .timedOut, .cancelled: return false
        }
    }

    private static let idempotentMethods: Set<String> = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]

    /// Answers in the origin's place.
    private func answer(_ failure: PassThroughFailure) {
        guard let client else { return }
        let body = failure.body
        leave()
        client.send(
            RelayHead(
                status: failure.status,
                fields: failure.fields,
                bodySize: .sized(UInt64(body.readableBytes)),
                kind: .error
            )
        )
        client.send(body)
        client.end()
    }

    /// Lets go of both sides; a call that is still under way ends.
    private func leave() {
        progress = .over
        call?.cancel()
        call = nil
        client = nil
    }
}

extension PassThrough: UpstreamReceiver {
    package func interim(_ head: UpstreamHead) {
        guard progress == .asking else { return }
        client?.sendInterim(status: head.status, fields: head.fields.map { ($0.name, $0.value) })
    }

    package func head(_ head: UpstreamHead) {
        guard progress == .asking, let client else { return }
        var fields: [(String, String)] = []
        fields.reserveCapacity(head.fields.count)
        for (name, value) in head.fields where name != "content-length" {
            fields.append((name, value))
        }
        guard head.status == 101 else {
            progress = .answering
            let size = head.contentLengthBytes.map { RelayHead.BodySize.sized($0) } ?? .unknown
            return client.send(RelayHead(status: head.status, fields: fields, bodySize: size))
        }
        guard let upgrade = request.fields.last(where: { $0.0 == "Upgrade" }) else {
            return answer(.unexpectedSwitch)
        }
        progress = .switched
        if !fields.contains(where: { $0.0 == "upgrade" }) { fields.append(upgrade) }
        client.switchProtocols(fields: fields)
        client.isReading = call?.canSendMore ?? false
    }

    package func body(_ bytes: ByteBuffer) {
        guard let client else { return }
        client.send(bytes)
        if !client.canTakeMore { call?.isReading = false }
    }

    package func end() {
        guard let client else { return }
        guard progress != .switched else { return client.end() }
        // A client that still sends is told to stop by the lane; the origin needs no more of it.
        if isBodyEnded { call = nil }
        leave()
        client.end()
    }

    package func failed(_ error: UpstreamError) {
        guard let client else { return }
        if let origin = call?.origin { tried.insert(origin) }
        call = nil
        if mayAskAnother(after: error) { return ask() }
        guard progress == .asking else {
            leave()
            return client.abort()
        }
        answer(PassThroughFailure(error))
    }

    package func canSendMore() {
        client?.isReading = true
    }
}

extension UpstreamRequest {
    fileprivate init(_ request: MediaRequest, _ configuration: PassThroughConfiguration) {
        var fields: [(String, String)] = []
        request.forEachField { fields.append(($0, $1)) }
        let client = ForwardedFields.Client(
            peerAddress: request.peerAddress,
            isSecure: request.isSecure,
            host: request.host
        )
        // Other protocols over HTTP are none that an origin of ours speaks.
        let isWebSocket = request.upgrade?.lowercased() == "websocket"
        var timeLimits = configuration.timeLimits
        if isWebSocket { timeLimits.stall = configuration.switchedStall }
        self.init(
            method: request.methodText,
            target: request.target,
            fields: ForwardedFields(client: client, configuration: configuration).make(
                from: fields,
                upgrade: isWebSocket ? "websocket" : nil,
                requestID: request.requestID.description
            ),
            host: request.host,
            bodySize: request.bodySize.upstream,
            timeLimits: timeLimits
        )
    }
}

extension MediaRequest.BodySize {
    fileprivate var upstream: UpstreamRequest.BodySize {
        switch self {
        case .none: .none
        case .sized(let sizeBytes): .sized(sizeBytes)
        case .unknown: .unknown
        }
    }
}
