import NIOCore
import NIOHPACK

/// From a request's fields to a handler's answer.
extension HTTP2Connection {
    func begin(
        _ fields: HPACKHeaders,
        streamID: UInt32,
        isEnd: Bool
    ) throws(HTTP2Fault) {
        let request: HTTP2RequestFields
        do {
            request = try HTTP2RequestFields(fields, into: ByteBuffer())
        } catch {
            throw .stream(streamID, .protocolError)
        }
        if isEnd, let size = request.contentLengthBytes, size != 0 {
            throw .stream(streamID, .protocolError)
        }
        loop.updateDate()
        var bytes = request.head
        switch scanner.scan(bytes.readableBytesUInt8Span) {
        case .incomplete:
            open(streamID, .refused(loop.nextRequestID()), request, isEnd).refuse(.headTooLarge)
        case .refused(let fault):
            open(streamID, .refused(loop.nextRequestID()), request, isEnd).refuse(fault)
        case .complete(var head):
            // A body of unknown size needs no coding here; to handlers it is the same thing.
            if !isEnd, request.contentLengthBytes == nil { head.isChunked = true }
            guard let slice = bytes.readSlice(length: head.sizeBytes) else { return }
            let exchange = Exchange(head, slice, fallbackID: loop.nextRequestID())
            let stream = open(streamID, exchange, request, isEnd)
            stream.respond(to: head, slice)
        }
    }

    private func open(
        _ streamID: UInt32,
        _ exchange: Exchange,
        _ request: HTTP2RequestFields,
        _ isEnd: Bool
    ) -> HTTP2Stream {
        let stream = HTTP2Stream(
            id: streamID,
            connection: self,
            exchange: exchange,
            priority: request.priority,
            declaredBytes: request.contentLengthBytes,
            isInputOver: isEnd
        )
        streams[streamID] = stream
        return stream
    }
}

extension Exchange {
    /// What an answer depends on, out of a scanned head.
    convenience init(_ head: RequestHead, _ bytes: ByteBuffer, fallbackID: RequestID) {
        let incomingID = head.requestID.isPresent ? bytes.text(head.requestID) : nil
        self.init(
            requestID: incomingID.flatMap(RequestID.init(incoming:)) ?? fallbackID,
            method: head.method == .other
                ? String(bytes.text(head.methodText).prefix(32)) : head.method.name,
            path: head.path.count == 0 ? "/" : bytes.text(head.path),
            isHead: head.method == .head,
            startedAt: .now(),
            persistence: .implied
        )
        conditions.isHead = isHead
        conditions.range = head.range.occurrences == 1 ? bytes.text(head.range) : nil
        conditions.ifRange = bytes.value(head.ifRange, "if-range", in: head)
        conditions.ifNoneMatch = bytes.value(head.ifNoneMatch, "if-none-match", in: head)
        conditions.ifModifiedSince =
            head.ifModifiedSince.occurrences == 1 ? bytes.text(head.ifModifiedSince) : nil
        acceptEncoding = bytes.value(head.acceptEncoding, "accept-encoding", in: head)
    }

    /// What was never a request.
    static func refused(_ requestID: RequestID) -> Exchange {
        Exchange(
            requestID: requestID,
            method: "-",
            path: "",
            isHead: false,
            startedAt: .now(),
            persistence: .implied
        )
    }
}

extension RequestHead.Method {
    fileprivate var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .options: "OPTIONS"
        case .other: "OTHER"
        }
    }
}
