import Histogram
import NIOCore

extension CrowdLoop {
    /// A request's bytes.
    func request(_ fetch: Fetch) -> ByteBuffer {
        var text = "GET " + fetch.address
        if let facts = fetch.facts, options.players.cmcd == .query {
            text += (fetch.address.contains("?") ? "&CMCD=" : "?CMCD=") + facts.query
        }
        text += " HTTP/1.1\r\nHost: " + options.target.authority + "\r\n"
        if let facts = fetch.facts, options.players.cmcd == .header { text += facts.headerLines }
        text += "User-Agent: millrace-load\r\n\r\n"
        return ByteBuffer(string: text)
    }

    /// Measures an answer and finds what is wrong with it.
    func judge(
        _ result: Result<ViewerConnection.Answer, ResponseFault>,
        _ reply: inout Reply,
        prefix: String
    ) {
        tally.requests += 1
        switch result {
        case .failure(let fault):
            reply.fault = fault
        case .success(let answer):
            measure(answer, reply)
            reply.sizeBytes = answer.sink.sizeBytes
            reply.retryAfter = answer.head.retryAfter
            do {
                try check(answer, &reply, prefix: prefix)
            } catch {
                reply.fault = error
            }
        }
    }

    private func measure(_ answer: ViewerConnection.Answer, _ reply: Reply) {
        tally.bytes += UInt64(answer.sink.sizeBytes)
        let firstByte = LoopTally.clamped((answer.firstByteAt - answer.sentAt).wholeMicroseconds)
        tally.record(kind: reply.fetch.kind, microseconds: firstByte)
        guard !reply.fetch.kind.isHeld else { return }
        tally.headline.record(firstByte)
        let total = (reply.endedAt - answer.sentAt).wholeMicroseconds
        tally.total.record(LoopTally.clamped(total))
    }

    private func check(
        _ answer: ViewerConnection.Answer,
        _ reply: inout Reply,
        prefix: String
    ) throws(ResponseFault) {
        guard answer.head.status == 200 else { throw .status(answer.head.status) }
        guard !answer.head.hasInvalidAge else { throw .invalidAge }
        let fetch = reply.fetch
        let hash = answer.sink.hash.value
        if fetch.isImmutable {
            try compare(fetch, hash: hash, sizeBytes: reply.sizeBytes, reply.endedAt, prefix)
        } else if fetch.kind == .blockingPlaylist, fetch.followsEdge {
            // Its bytes may differ, its delay behind the first counts.
            let key = "awaited " + fetch.address.dropFirst(prefix.utf8.count)
            if case .same(let since) = ledger.note(key, hash: 0, sizeBytes: 0, at: reply.endedAt) {
                tally.playlistLag.record(
                    LoopTally.clamped((reply.endedAt - since).wholeMicroseconds)
                )
            }
        }
        guard let text = answer.sink.text, fetch.kind.keepsText else {
            if fetch.kind.keepsText { throw .malformedPlaylist }
            return
        }
        if fetch.kind == .api {
            reply.page = try CatalogPage(String(buffer: text))
        } else {
            reply.playlist = try playlist(text, hash: hash)
        }
    }

    private func compare(
        _ fetch: Fetch,
        hash: UInt64,
        sizeBytes: Int,
        _ now: NIODeadline,
        _ prefix: String
    ) throws(ResponseFault) {
        let full = options.target.prefix + prefix
        let key =
            fetch.address.hasPrefix(full)
            ? String(fetch.address.dropFirst(full.count)) : fetch.address
        switch ledger.note(key, hash: hash, sizeBytes: sizeBytes, at: now) {
        case .first:
            reference?.enqueue(key, hash: hash, sizeBytes: sizeBytes)
        case .same(let since):
            tally.verifiedBodies += 1
            if fetch.followsEdge {
                tally.partLag.record(LoopTally.clamped((now - since).wholeMicroseconds))
            }
        case .different:
            throw .wrongBody
        case .unknown:
            break
        }
    }
}
