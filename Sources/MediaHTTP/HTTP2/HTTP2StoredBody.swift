import NIOCore

/// Bytes of files: piece by piece, from the page cache where they are there, by a thread where not.
///
/// A piece is taken when it is the stream's turn, and given back as soon as it is copied into a
/// group, so a client that takes nothing holds none.
final class HTTP2StoredBody: HTTP2Body, MemoryWaiter {
    private let stored: StoredBody
    private let part: Range<UInt64>
    private unowned let stream: HTTP2Stream
    private let loop: ConnectionLoop
    private var cursor: BodyCursor
    /// What is read and not written yet; `front` goes before `ready`.
    private var front = ByteBuffer()
    private var ready = ByteBuffer()
    /// Whose memory `ready` is.
    private var piece: Piece?
    private var memoryDeadline: NIODeadline?
    private var isMemoryWaiter = false
    private var failure: StoredBodyError?
    private var isReading = false
    private var isFinished = false

    init(_ stored: StoredBody, part: Range<UInt64>, stream: HTTP2Stream) {
        self.stored = stored
        self.part = part
        self.stream = stream
        self.loop = stream.loop
        let inputSizeBytes = stored.transform.map { UInt64($0.inputSizeBytes) }
        self.cursor = BodyCursor(stored, part: inputSizeBytes.map { 0..<$0 } ?? part)
    }

    // MARK: - For the stream

    func write(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite {
        if let obstacle = prepare() { return .obstacle(obstacle) }
        let frontCount = min(count, front.readableBytes)
        if frontCount > 0 {
            buffer.writeWithSpan(of: front, frontCount)
            front.moveReaderIndex(forwardBy: frontCount)
        }
        let readyCount = min(count - frontCount, ready.readableBytes)
        buffer.writeWithSpan(of: ready, readyCount)
        ready.moveReaderIndex(forwardBy: readyCount)
        guard front.readableBytes == 0, ready.readableBytes == 0 else {
            return .wrote(isLast: false)
        }
        giveBack()
        return .wrote(isLast: cursor.remainingBytes == 0)
    }

    func prepare() -> HTTP2Obstacle? {
        if front.readableBytes > 0 || ready.readableBytes > 0 { return nil }
        if let failure { return .failure(failure) }
        guard !isReading else { return .wait }
        return stored.transform == nil ? read() : transform()
    }

    func finish(wasAborted: Bool) {
        isFinished = true
        if !isReading { giveBack() }
    }

    func checkTime(_ now: NIODeadline) {
        guard let memoryDeadline, now >= memoryDeadline else { return }
        self.memoryDeadline = nil
        failure = .noMemory
        stream.bodyHasMore()
    }

    func resumeAfterMemoryWait() -> Bool {
        guard memoryDeadline != nil, !isFinished else { return true }
        let since = memoryDeadline
        isMemoryWaiter = true
        memoryDeadline = nil
        let obstacle = prepare()
        isMemoryWaiter = false
        if memoryDeadline != nil {
            memoryDeadline = since
            return false
        }
        if case .failure(let error) = obstacle { failure = error }
        if !isReading { stream.bodyHasMore() }
        return true
    }

    private func giveBack() {
        ready = ByteBuffer()
        guard let piece else { return }
        self.piece = nil
        loop.giveBack(piece)
    }

    // MARK: - Reading

    private func read() -> HTTP2Obstacle? {
        let isHot = cursor.remainingBytes == stored.sizeBytes && loop.hotBodies.takes(stored)
        if isHot, let media = loop.hotBodies.bytes(of: stored), stored.isUnchanged {
            front.writeBytes(stored.header)
            ready = media
            cursor.passAll()
            return nil
        }
        let count = Int(
            min(
                cursor.remainingBytes,
                UInt64(min(loop.pieces.pieceSizeBytes, loop.limits.streamPieceSizeBytes))
            )
        )
        guard !loop.hasMemoryWaiters || isMemoryWaiter,
            let piece = loop.pieces.take(capacityBytes: count)
        else { return waitForMemory() }
        if loop.reading.allowsSendfile, count >= loop.limits.sendfileMinimumBytes,
            cursor.isCold(within: loop.limits.coldPieceSizeBytes)
        {
            return readOnThread(piece, upTo: count)
        }
        switch cursor.fill(piece, upTo: count, loop.reading, from: .resident) {
        case .filled:
            if isHot, cursor.remainingBytes == 0 {
                loop.hotBodies.note(stored) {
                    ByteBuffer(bytes: piece.buffer.readableBytesView.dropFirst(stored.header.count))
                }
            }
            use(piece, piece.buffer)
            return nil
        case .failed(let error):
            loop.giveBack(piece)
            return .failure(error)
        case .notResident:
            return readOnThread(piece, upTo: count)
        }
    }

    private func use(_ piece: Piece, _ bytes: ByteBuffer) {
        self.piece = piece
        ready = bytes
    }

    private func readOnThread(_ piece: Piece, upTo target: Int) -> HTTP2Obstacle {
        let filled = piece.buffer.readableBytes
        let smallTarget = min(target, filled + loop.limits.coldPieceSizeBytes)
        let reading = loop.reading
        let eventLoop = loop.eventLoop
        let body = NIOLoopBound(self, eventLoop: eventLoop)
        let start = cursor
        let isQueued = loop.blockingReads.submit {
            var cursor = start
            // Asked for by name, as the kernel would read four times as much and wait for all of it.
            cursor.readAhead(smallTarget - filled)
            let outcome = cursor.fill(piece, upTo: smallTarget, reading, from: .disk)
            eventLoop.execute { [cursor] in
                body.value.cursor = cursor
                body.value.resume(outcome) {
                    body.value.use(piece, piece.buffer)
                } orElse: {
                    body.value.loop.giveBack(piece)
                }
            }
            // Only now, as it blocks a little, and the first byte should not wait for the last.
            cursor.readAhead(target - smallTarget)
        }
        guard isQueued else {
            loop.giveBack(piece)
            return .failure(.tooManyReads)
        }
        isReading = true
        return .wait
    }

    private func resume(
        _ outcome: BodyCursor.Outcome,
        _ use: () -> Void,
        orElse giveBack: () -> Void
    ) {
        isReading = false
        switch outcome {
        case .filled where !isFinished: use()
        case .filled: return giveBack()
        case .failed(let error):
            giveBack()
            failure = error
        case .notResident:
            giveBack()
            failure = .readFailed(errorNumber: 0)
        }
        if !isFinished { stream.bodyHasMore() }
    }

    // MARK: - Transforms

    /// The whole input is read into one piece, the whole output made in a second.
    private func transform() -> HTTP2Obstacle? {
        guard let transform = stored.transform else { return nil }
        let inputSizeBytes = transform.inputSizeBytes
        let outputSizeBytes = transform.outputSizeBytes
        guard inputSizeBytes <= loop.limits.transformInputSizeBytes,
            loop.pieces.canEverHold(inputSizeBytes + outputSizeBytes)
        else { return .failure(.noMemory) }
        guard !loop.hasMemoryWaiters || isMemoryWaiter,
            let pieces = loop.pieces.takePair(inputSizeBytes, outputSizeBytes)
        else { return waitForMemory() }
        var work = TransformWork(
            transform: transform,
            cursor: cursor,
            input: pieces.input,
            output: pieces.output
        )
        switch work.run(loop.reading, from: .resident) {
        case .filled:
            useOutput(work)
            return nil
        case .failed(let error):
            giveBack(work)
            return .failure(error)
        case .notResident:
            return transformOnThread(work)
        }
    }

    private func transformOnThread(_ work: TransformWork) -> HTTP2Obstacle {
        let reading = loop.reading
        let eventLoop = loop.eventLoop
        let body = NIOLoopBound(self, eventLoop: eventLoop)
        let isQueued = loop.blockingReads.submit {
            var work = work
            let outcome = work.run(reading, from: .disk)
            eventLoop.execute { [work] in
                body.value.resume(outcome) {
                    body.value.useOutput(work)
                } orElse: {
                    body.value.giveBack(work)
                }
            }
        }
        guard isQueued else {
            giveBack(work)
            return .failure(.tooManyReads)
        }
        isReading = true
        return .wait
    }

    private func useOutput(_ work: TransformWork) {
        loop.giveBack(work.input)
        cursor = work.cursor
        cursor.passAll()
        var output = work.output.buffer
        output.moveReaderIndex(forwardBy: Int(part.lowerBound))
        use(work.output, output.readSlice(length: part.count) ?? ByteBuffer())
    }

    private func giveBack(_ work: TransformWork) {
        loop.giveBack(work.input)
        loop.giveBack(work.output)
    }

    // MARK: - Piece memory

    private func waitForMemory() -> HTTP2Obstacle {
        guard isMemoryWaiter || loop.waitForMemory(self) else { return .failure(.noMemory) }
        memoryDeadline = .now() + loop.times.memoryWait
        return .wait
    }
}
