import NIOCore

/// The relay's answer on its way to the client, in HTTP/1.1's framing. RFC 9112 §6
extension RelayedExchange {
    func sendInterim(status: Int, fields: [(String, String)]) {
        guard let connection, output == .nothing, isHTTP11, (100..<200).contains(status) else {
            return
        }
        // 100 is said once and by us, when the body is wanted; 101 has a call of its own.
        guard status != 100, status != 101 else { return }
        connection.writeInterim(status: status, fields: fields)
        noteWritten()
    }

    func send(_ head: RelayHead) {
        guard let connection, output == .nothing else { return }
        // An interim status would have the client wait for another head.
        guard head.status >= 200 else { return abort() }
        exchange.status = head.status
        exchange.kind = head.kind
        exchange.firstByteAt = .now()
        output = framing(of: head)
        // Where the body is not read to its end, nothing that follows it can be found.
        if !isBodyRead || output == .untilClose || connection.loop.isDraining {
            exchange.persistence = .close
        }
        connection.writeRelayed(head, output, exchange)
        noteWritten()
    }

    func send(_ bytes: ByteBuffer) {
        guard let connection, bytes.readableBytes > 0 else { return }
        switch output {
        case .nothing: return abort()
        case .headOnly, .switchedAndEnded: return
        case .sized(let remainingBytes):
            // More than was announced would be read as the next answer.
            guard bytes.readableBytes <= remainingBytes else { return abort() }
            output = .sized(remainingBytes: remainingBytes - UInt64(bytes.readableBytes))
            connection.write(bytes)
        case .untilClose, .switched: connection.write(bytes)
        case .chunked:
            connection.write(ByteBuffer(string: String(bytes.readableBytes, radix: 16) + "\r\n"))
            connection.write(bytes)
            connection.write(Self.chunkEnd)
        }
        exchange.bytesSent += UInt64(bytes.readableBytes)
        noteWritten()
    }

    func end() {
        guard let connection else { return }
        switch output {
        case .nothing: return abort()
        case .sized(let remainingBytes) where remainingBytes > 0: return abort()
        case .switchedAndEnded: return
        case .switched:
            output = .switchedAndEnded
            movedAt = .now()
            connection.closeOutput()
            return finishSwitched()
        case .chunked: connection.write(Self.lastChunk)
        case .sized, .headOnly, .untilClose: break
        }
        release()
        connection.finishRelayed(exchange)
    }

    func abort() {
        guard let connection else { return }
        release()
        connection.cutRelayed(exchange)
    }

    func switchProtocols(fields: [(String, String)]) {
        guard let connection, output == .nothing, maySwitch else { return abort() }
        exchange.status = 101
        exchange.kind = .other
        exchange.firstByteAt = .now()
        exchange.persistence = .close
        output = .switched
        connection.writeSwitch(fields: fields, exchange)
        noteWritten()
    }

    /// How the body is framed for this client. RFC 9112 §6.3
    private func framing(of head: RelayHead) -> Output {
        guard !exchange.isHead, head.status != 204, head.status != 304 else { return .headOnly }
        return switch head.bodySize {
        case .none: .sized(remainingBytes: 0)
        case .sized(let sizeBytes): .sized(remainingBytes: sizeBytes)
        case .unknown: isHTTP11 ? .chunked : .untilClose
        }
    }

    private static let chunkEnd = ByteBuffer(string: "\r\n")
    private static let lastChunk = ByteBuffer(string: "0\r\n\r\n")
}

extension MediaConnection {
    fileprivate func writeRelayed(
        _ head: RelayHead,
        _ output: RelayedExchange.Output,
        _ exchange: Exchange
    ) {
        loop.updateDate()
        loop.headBuffer.clear()
        loop.headWriter.write(
            head,
            framedAs: output,
            requestID: exchange.requestID,
            persistence: exchange.persistence,
            to: &loop.headBuffer
        )
        exchange.bytesSent += UInt64(loop.headBuffer.readableBytes)
        write(loop.headBuffer)
    }

    fileprivate func writeSwitch(fields: [(String, String)], _ exchange: Exchange) {
        loop.updateDate()
        loop.headBuffer.clear()
        loop.headWriter.writeSwitch(
            fields: fields,
            requestID: exchange.requestID,
            to: &loop.headBuffer
        )
        exchange.bytesSent += UInt64(loop.headBuffer.readableBytes)
        write(loop.headBuffer)
    }

    func writeInterim(status: Int, fields: [(String, String)]) {
        loop.headBuffer.clear()
        loop.headWriter.writeInterim(status: status, fields: fields, to: &loop.headBuffer)
        write(loop.headBuffer)
    }
}
