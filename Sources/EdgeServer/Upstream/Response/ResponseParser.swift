package import NIOCore

/// Parses the answers of one connection, strictly: what another program could read in another way is
/// refused.
///
/// A pure state machine: bytes in by `feed`, events out by `next` until there are none. What comes
/// out does not depend on how the bytes arrived, but for where bodies are cut. Bodies are slices of
/// what was fed, never copies. RFC 9112
package struct ResponseParser {
    package enum Event: Sendable {
        case interim(ResponseHead)
        case head(ResponseHead)
        case body(ByteBuffer)
        /// The answer is whole; further bytes belong to the next one.
        case end
    }

    /// What the answer is to.
    package struct Request: Hashable, Sendable {
        package var isHead: Bool
        /// It asked to switch protocols.
        package var isUpgrade: Bool

        package init(isHead: Bool = false, isUpgrade: Bool = false) {
            self.isHead = isHead
            self.isUpgrade = isUpgrade
        }
    }

    enum State: Hashable {
        case head
        case sized(UInt64)
        case untilClosed
        case chunked(ChunkedBody)
        /// The end is still to be told.
        case ending
        case complete
        case switched
        case failed(ResponseFault)
    }

    let limits: UpstreamLimits
    private(set) var state = State.complete
    /// Whether another request may follow on the connection, as far as the answer says.
    package private(set) var keepsAlive = false
    private var request = Request()
    private var input = ByteBuffer()
    private var interimCount = 0
    /// Bytes of an incomplete head that hold no end of line that was not seen.
    private var scannedBytes = 0
    /// Where the line that is incomplete starts, from the head's first byte.
    private var lineStart = 0

    package init(limits: UpstreamLimits) {
        self.limits = limits
    }

    /// Bytes that came after the answer, or before any request.
    package var hasLeftover: Bool { input.readableBytes > 0 }

    /// Expects the answer to a request next.
    package mutating func begin(_ request: Request) {
        self.request = request
        state = .head
        keepsAlive = false
        interimCount = 0
        scannedBytes = 0
        lineStart = 0
    }

    package mutating func feed(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 {
            input = bytes
        } else {
            // Only an incomplete head stays behind, and that is small.
            input.writeImmutableBuffer(bytes)
        }
    }

    /// The next event in what was fed; nothing where more bytes are needed.
    ///
    /// - Throws: what is wrong; the connection is of no use after that.
    package mutating func next() throws(ResponseFault) -> Event? {
        do throws(ResponseFault) {
            return try step()
        } catch {
            state = .failed(error)
            input = ByteBuffer()
            throw error
        }
    }

    /// The connection is at its end: that of a body without a length, or too early.
    package mutating func finish() throws(ResponseFault) -> Event? {
        switch state {
        case .untilClosed, .ending:
            state = .complete
            return .end
        case .complete, .switched: return nil
        case .failed(let fault): throw fault
        case .head, .sized, .chunked:
            state = .failed(.cutShort)
            throw .cutShort
        }
    }

    // MARK: - Steps

    private mutating func step() throws(ResponseFault) -> Event? {
        switch state {
        case .head: return try headStep()
        case .sized(let remaining): return sizedStep(remaining)
        case .untilClosed, .switched: return takeAll().map(Event.body)
        case .chunked(var body):
            let slice = try body.take(from: &input, limits: limits)
            state = body.isComplete ? .ending : .chunked(body)
            if let slice { return .body(slice) }
            return body.isComplete ? try step() : nil
        case .ending:
            state = .complete
            return .end
        case .complete: return nil
        case .failed(let fault): throw fault
        }
    }

    private mutating func sizedStep(_ remaining: UInt64) -> Event? {
        let count = Int(min(remaining, UInt64(input.readableBytes)))
        guard count > 0, let slice = input.readSlice(length: count) else { return nil }
        let left = remaining - UInt64(count)
        state = left == 0 ? .ending : .sized(left)
        return .body(slice)
    }

    private mutating func takeAll() -> ByteBuffer? {
        input.readableBytes > 0 ? input.readSlice(length: input.readableBytes) : nil
    }

    private mutating func headStep() throws(ResponseFault) -> Event? {
        guard let sizeBytes = try findEnd() else { return nil }
        let head = try ResponseHeadReader(limits: limits, request: request)
            .read(input, sizeBytes: sizeBytes)
        input.moveReaderIndex(forwardBy: sizeBytes)
        scannedBytes = 0
        lineStart = 0
        if head.status < 200, head.status != 101 {
            interimCount += 1
            guard interimCount <= limits.interimCount else { throw .tooManyInterimAnswers }
            return .interim(head)
        }
        keepsAlive = head.keepsAlive
        state =
            switch head.framing {
            case .none, .sized(0): .ending
            case .sized(let sizeBytes): .sized(sizeBytes)
            case .chunked: .chunked(ChunkedBody())
            case .untilClosed: .untilClosed
            case .switched: .switched
            }
        return .head(head)
    }

    /// The size of the head, its empty line included, once all of it is here.
    private mutating func findEnd() throws(ResponseFault) -> Int? {
        var place = (index: scannedBytes, lineStart: lineStart)
        if let sizeBytes = try findEnd(from: &place) { return sizeBytes }
        (scannedBytes, lineStart) = (place.index, place.lineStart)
        return nil
    }

    private func findEnd(
        from place: inout (index: Int, lineStart: Int)
    ) throws(ResponseFault) -> Int? {
        let bytes = input.readableBytesUInt8Span
        let end = min(bytes.count, limits.headSizeBytes)
        while place.index < end {
            let index = place.index
            place.index += 1
            guard bytes[index] == HTTPOctets.lineFeed else { continue }
            guard index > place.lineStart, bytes[index - 1] == HTTPOctets.carriageReturn else {
                throw .bareLineFeed
            }
            if index - 1 == place.lineStart { return index + 1 }
            place.lineStart = index + 1
        }
        guard bytes.count < limits.headSizeBytes else { throw .headTooLarge }
        return nil
    }
}
