internal import Cryptography
internal import Logging
internal import Platform

/// One connection from its handshake to its end: all of it runs on the connection's own thread.
struct RTMPConversation: ~Copyable {
    private let handle: RTMPHandle
    private let connection: RTMPConnection
    private let service: RTMPService
    private var chunkGuard: ChunkGuard
    private var session: RTMPSessionStateMachine
    private var publication: (any Publication)?
    private var acknowledgement = AcknowledgementWindow()
    private var logger: Logger

    /// Why the conversation ends, where the encoder did not just go.
    private enum Fault: Error {
        /// The peer has gone, or was shut out.
        case gone
        case malformed(String)
        case refused(RTMPRefusalReason)
        /// The publication did not want what came.
        case unusable(String)
    }

    init(handle: RTMPHandle, connection: RTMPConnection, service: RTMPService) {
        self.handle = handle
        self.connection = connection
        self.service = service
        chunkGuard = ChunkGuard(
            largestMessageBytes: service.limits.commandSizeBytes,
            mostInFlightBytes: service.limits.inFlightBytes
        )
        session = RTMPSessionStateMachine(
            application: service.application,
            clientAddress: connection.peer,
            isSecure: connection.isSecure
        )
        logger = service.logger
        logger[metadataKey: "client"] = "\(connection.peer)"
    }

    /// Talks until the end.
    mutating func run(_ context: RTMPTLSContext?) {
        guard greet(context) else {
            service.counters.refuse(.handshake)
            logger.debug("no RTMP handshake")
            return
        }
        connection.enter(.commands)
        do throws(Fault) {
            while true { try readChunk() }
        } catch {
            end(error)
        }
    }

    /// TLS, then the plain handshake. RTMP 1.0 §5.2
    private func greet(_ context: RTMPTLSContext?) -> Bool {
        if let context, !handle.accept(context) { return false }
        // Versions 6 and 8 are encrypted ones, that nobody needs where there is TLS.
        guard let hello = handle.read(count: 1 + Self.handshakeCount), hello[0] == 3,
            let random = try? RandomBytes.make(count: Self.handshakeCount - 8)
        else { return false }
        let answer = [3] + [UInt8](repeating: 0, count: 8) + random + hello[1...]
        return handle.write(answer) && handle.read(count: Self.handshakeCount) != nil
    }

    private static let handshakeCount = 1536

    // MARK: Chunks and messages

    private mutating func readChunk() throws(Fault) {
        let omittedBefore = chunkGuard.hasMetOmittedTimestamp
        switch handle.readChunk(&chunkGuard) {
        case .part: break
        case .message: try takeMessage()
        case .closed: throw .gone
        case .refused(let fault):
            service.counters.guardRefusals.add()
            throw .malformed("\(fault)")
        }
        if chunkGuard.hasMetOmittedTimestamp != omittedBefore {
            service.counters.omittedTimestamps.add()
            logger.info("the encoder does not repeat extended timestamps")
        }
        if acknowledgement.isDue(receivedByteCount: handle.receivedByteCount) {
            try send(.acknowledgement(handle.receivedByteCount))
        }
    }

    private mutating func takeMessage() throws(Fault) {
        // Not a method of self: the closure must not hold all of it.
        var actions: [RTMPSessionStateMachine.Action] = []
        var control: RTMPControl?
        try handle.withMessage { (header, body) throws(Fault) in
            switch header.type {
            case RTMPMessageType.audio, RTMPMessageType.video, RTMPMessageType.data,
                RTMPMessageType.dataAMF3, RTMPMessageType.aggregate:
                try deliver(header, body)
            case RTMPMessageType.command, RTMPMessageType.commandAMF3:
                let isAMF3 = header.type == RTMPMessageType.commandAMF3
                actions = try commanded(isAMF3 ? body.extracting(droppingFirst: 1) : body, header)
            default:
                control = RTMPControl(header.type, body)
            }
        }
        if let control { try obey(control) }
        try perform(actions)
    }

    private mutating func commanded(
        _ body: Span<UInt8>,
        _ header: RTMPMessageHeader
    ) throws(Fault) -> [RTMPSessionStateMachine.Action] {
        do throws(AMF0Error) {
            guard let command = try RTMPCommand(body, messageStream: header.messageStream) else {
                return []
            }
            return session.receive(command)
        } catch {
            throw .malformed("\(error)")
        }
    }

    private func deliver(_ header: RTMPMessageHeader, _ body: Span<UInt8>) throws(Fault) {
        guard publication != nil else { return }
        switch header.type {
        case RTMPMessageType.aggregate:
            var aggregate = AggregateMessage(timestamp: header.timestamp)
            while let part = aggregate.next(in: body) {
                guard let kind = RTMPMediaKind(rawValue: part.type) else { continue }
                try deliver(kind, part.timestamp, body.extracting(part.range))
            }
        case RTMPMessageType.dataAMF3:
            // A byte that says that AMF 0 follows, as all encoders seen have it.
            guard !body.isEmpty else { return }
            try deliver(.data, header.timestamp, body.extracting(droppingFirst: 1))
        default:
            guard let kind = RTMPMediaKind(rawValue: header.type) else { return }
            try deliver(kind, header.timestamp, body)
        }
    }

    private func deliver(
        _ kind: RTMPMediaKind,
        _ timestamp: UInt32,
        _ body: Span<UInt8>
    ) throws(Fault) {
        connection.countMessage()
        service.counters.mediaMessages.add()
        service.counters.mediaBytes.add(UInt64(body.count))
        do {
            try publication?.receive(kind, timestamp: timestamp, body: body)
        } catch {
            throw .unusable("\(error)")
        }
    }

    private mutating func obey(_ control: RTMPControl) throws(Fault) {
        switch control {
        case .setChunkSize(let size):
            guard RTMPLimits.chunkSizes.contains(size) else {
                service.counters.guardRefusals.add()
                throw .malformed("a chunk size of \(size)")
            }
            chunkGuard.chunkSize = size
            handle.setReceivedChunkSize(size)
        case .windowAcknowledgementSize(let size):
            acknowledgement.window = max(size, RTMPLimits.smallestWindowBytes)
        case .ping(let timestamp):
            try send(.pingResponse(timestamp))
        }
    }

    // MARK: What commands come to

    private mutating func perform(
        _ actions: [RTMPSessionStateMachine.Action]
    ) throws(Fault) {
        for action in actions {
            switch action {
            case .send(let reply): try send(reply)
            case .decide(let attempt): try decide(attempt)
            case .endPublish: finishPublish(.unpublished)
            case .leave(let reason): throw .refused(reason)
            }
        }
    }

    private mutating func decide(_ attempt: PublishAttempt) throws(Fault) {
        switch service.begin(attempt, connection) {
        case .success(let publication):
            self.publication = publication
            chunkGuard.largestMessageBytes = service.limits.messageSizeBytes
            connection.enter(.publishing)
            handle.gatherMessages(true)
            logger.info("an encoder publishes", metadata: ["encoder": "\(attempt.encoder)"])
            try perform(session.decided(nil))
        case .failure(let refusal):
            try perform(session.decided(refusal))
        }
    }

    private func send(_ reply: RTMPReply) throws(Fault) {
        guard handle.send(reply) else { throw .gone }
    }

    // MARK: The end

    private mutating func finishPublish(_ end: PublishEnd) {
        guard let publication else { return }
        self.publication = nil
        handle.gatherMessages(false)
        service.leave()
        chunkGuard.largestMessageBytes = service.limits.commandSizeBytes
        connection.enter(.commands)
        logger.info("a publish has ended", metadata: ["end": "\(end)"])
        publication.end(end)
    }

    private mutating func end(_ fault: Fault) {
        let wasPublishing = publication != nil
        finishPublish(publishEnd(fault))
        switch fault {
        case .gone:
            if !wasPublishing, case .timeIsUp = connection.ending {
                service.counters.refuse(.idle)
            }
        case .malformed(let text):
            service.counters.refuse(.malformed)
            logger.debug("malformed RTMP", metadata: ["fault": "\(text)"])
        case .refused(let reason):
            service.counters.refuse(reason)
            logger.debug("an encoder is sent away", metadata: ["reason": "\(reason.rawValue)"])
            bid()
        case .unusable(let text):
            service.counters.refuse(.unusable)
            connection.enter(.farewell)
            for case .send(let reply) in session.failed(text) { _ = handle.send(reply) }
            bid()
        }
    }

    private func publishEnd(_ fault: Fault) -> PublishEnd {
        switch (connection.ending, fault) {
        case (.closed(let reason), _): return .closed(reason)
        case (.timeIsUp, _):
            service.counters.silences.add()
            return .lost("nothing came for \(service.limits.silence)")
        case (nil, .malformed(let text)), (nil, .unusable(let text)): return .invalid(text)
        case (nil, .refused(let reason)): return .invalid(reason.rawValue)
        case (nil, .gone):
            return session.saidGoodbye ? .unpublished : .lost("the connection has gone")
        }
    }

    /// Lets the encoder read what was sent: closing at once would throw that away, where something of
    /// the encoder's stands unread.
    private func bid() {
        connection.enter(.farewell)
        handle.finishWriting()
        handle.drain(byteCount: RTMPLimits.farewellSizeBytes)
    }
}
