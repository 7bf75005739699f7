import NIOCore

/// Stored bodies: piece by piece, from the page cache where they are there, by a thread where not.
extension MediaConnection {
    /// Reads and sends the next piece.
    ///
    /// `phase` is `.preparing`, and changes to what it waits for.
    func sendPiece(_ exchange: Exchange, _ delivery: Delivery) {
        guard delivery.body.transform == nil else { return sendTransformed(exchange, delivery) }
        let isWhole = delivery.head != nil && delivery.part == 0..<delivery.body.sizeBytes
        let isHot = isWhole && loop.hotBodies.takes(delivery.body)
        if isHot, sendHot(exchange, delivery) { return }
        if loop.reading.allowsSendfile, pacer == nil, sendRun(exchange, delivery) { return }
        let headSizeBytes = delivery.head?.readableBytes ?? 0
        let bodySizeBytes = Int(
            min(delivery.cursor.remainingBytes, UInt64(loop.pieces.pieceSizeBytes))
        )
        let target = headSizeBytes + bodySizeBytes
        // To try and read what is not there would start a read of all of it, and wait a little.
        let isCold =
            loop.reading.allowsSendfile && bodySizeBytes >= loop.limits.sendfileMinimumBytes
            && delivery.cursor.isCold(within: loop.limits.coldPieceSizeBytes)
        let size = isCold ? min(target, headSizeBytes + loop.limits.coldPieceSizeBytes) : target
        guard let piece = take(size) else { return waitForMemory(exchange, delivery) }
        if let head = delivery.head { piece.buffer.writeImmutableBuffer(head) }
        if isCold { return readOnThread(piece, upTo: target, exchange, delivery) }
        switch delivery.cursor.fill(piece, upTo: target, loop.reading, from: .resident) {
        case .filled:
            if isHot, delivery.cursor.remainingBytes == 0 {
                let front = headSizeBytes + delivery.body.header.count
                loop.hotBodies.note(delivery.body) {
                    ByteBuffer(bytes: piece.buffer.readableBytesView.dropFirst(front))
                }
            }
            send(piece, exchange, delivery)
        case .failed(let error):
            fail(error, exchange, delivery, piece)
        case .notResident:
            readOnThread(piece, upTo: target, exchange, delivery)
        }
    }

    /// Sends a whole small body whose media is in memory; its head and header are copied in front.
    private func sendHot(_ exchange: Exchange, _ delivery: Delivery) -> Bool {
        guard let media = loop.hotBodies.bytes(of: delivery.body), delivery.body.isUnchanged,
            var front = delivery.head
        else { return false }
        delivery.head = nil
        front.writeBytes(delivery.body.header)
        delivery.cursor.passAll()
        write(front)
        exchange.bytesSent += UInt64(front.readableBytes + media.readableBytes)
        exchange.firstByteAt = .now()
        delivery.isInFlight = true
        phase = .sending(exchange, delivery)
        writeFollowed(.byteBuffer(media))
        return true
    }

    /// Sends the next run of a file by sendfile, if it is worth it and in the page cache.
    ///
    /// A run that is evicted in between is waited for, as one that is cut short is until the client
    /// counts as stalled; both take somebody who changes the file or empties the cache just then.
    private func sendRun(_ exchange: Exchange, _ delivery: Delivery) -> Bool {
        let run = delivery.cursor.nextRun(
            atMost: loop.limits.pieceSizeBytes,
            behindHeaderAtMost: loop.limits.smallPieceSizeBytes
        )
        guard let run, run.sizeBytes >= UInt64(loop.limits.sendfileMinimumBytes),
            run.file.isUnchanged,
            run.file.residency(offsetBytes: run.offsetBytes, sizeBytes: run.sizeBytes)
                == .resident,
            let handle = delivery.handle(for: run.file)
        else { return false }
        var front = delivery.head ?? ByteBuffer()
        delivery.head = nil
        front.writeBytes(delivery.cursor.pass(run))
        if front.readableBytes > 0 { write(front) }
        exchange.bytesSent += UInt64(front.readableBytes) + run.sizeBytes
        if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
        delivery.isInFlight = true
        phase = .sending(exchange, delivery)
        let region = FileRegion(
            fileHandle: handle,
            readerIndex: Int(run.offsetBytes),
            endIndex: Int(run.offsetBytes + run.sizeBytes)
        )
        writeFollowed(.fileRegion(region))
        return true
    }

    /// What is read from the disk is read in small pieces, so that the first byte leaves early.
    private func readOnThread(
        _ piece: Piece,
        upTo target: Int,
        _ exchange: Exchange,
        _ delivery: Delivery
    ) {
        let filled = piece.buffer.readableBytes
        let smallTarget = min(target, filled + loop.limits.coldPieceSizeBytes)
        let reading = loop.reading
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        let parcel = NIOLoopBound((exchange, delivery), eventLoop: eventLoop)
        let start = delivery.cursor
        let isQueued = loop.blockingReads.submit {
            var cursor = start
            // Asked for by name, as the kernel would read four times as much and wait for all of it.
            cursor.readAhead(smallTarget - filled)
            let outcome = cursor.fill(piece, upTo: smallTarget, reading, from: .disk)
            eventLoop.execute { [cursor] in
                let (exchange, delivery) = parcel.value
                delivery.cursor = cursor
                connection.value.resumeRead(outcome, piece, exchange, delivery)
            }
            // Only now, as it blocks a little, and the first byte should not wait for the last.
            cursor.readAhead(target - smallTarget)
        }
        if !isQueued { fail(.tooManyReads, exchange, delivery, piece) }
    }

    private func resumeRead(
        _ outcome: BodyCursor.Outcome,
        _ piece: Piece,
        _ exchange: Exchange,
        _ delivery: Delivery
    ) {
        guard case .preparing = phase else { return loop.giveBack(piece) }
        switch outcome {
        case .filled: send(piece, exchange, delivery)
        case .failed(let error): fail(error, exchange, delivery, piece)
        case .notResident: fail(.readFailed(errorNumber: 0), exchange, delivery, piece)
        }
        canAdvance = true
        advance()
    }

    private func send(_ piece: Piece, _ exchange: Exchange, _ delivery: Delivery) {
        delivery.head = nil
        delivery.piece = piece
        delivery.isInFlight = true
        exchange.bytesSent += UInt64(piece.buffer.readableBytes)
        if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
        phase = .sending(exchange, delivery)
        writeFollowed(.byteBuffer(piece.buffer))
    }

    // MARK: - Transforms

    /// The whole input is read into one piece, the whole output made in a second.
    private func sendTransformed(_ exchange: Exchange, _ delivery: Delivery) {
        guard let transform = delivery.body.transform else { return }
        let headSizeBytes = delivery.head?.readableBytes ?? 0
        let inputSizeBytes = transform.inputSizeBytes
        let outputSizeBytes = headSizeBytes + transform.outputSizeBytes
        guard inputSizeBytes <= loop.limits.transformInputSizeBytes,
            loop.pieces.canEverHold(inputSizeBytes + outputSizeBytes)
        else { return fail(.noMemory, exchange, delivery, nil) }
        guard let pieces = takePair(inputSizeBytes, outputSizeBytes) else {
            return waitForMemory(exchange, delivery)
        }
        if let head = delivery.head { pieces.output.buffer.writeImmutableBuffer(head) }
        var work = TransformWork(
            transform: transform,
            cursor: delivery.cursor,
            input: pieces.input,
            output: pieces.output
        )
        switch work.run(loop.reading, from: .resident) {
        case .filled: sendOutput(work, exchange, delivery)
        case .failed(let error): failTransform(error, work, exchange, delivery)
        case .notResident: transformOnThread(work, exchange, delivery)
        }
    }

    private func transformOnThread(
        _ work: TransformWork,
        _ exchange: Exchange,
        _ delivery: Delivery
    ) {
        let reading = loop.reading
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        let parcel = NIOLoopBound((exchange, delivery), eventLoop: eventLoop)
        let isQueued = loop.blockingReads.submit {
            var work = work
            let outcome = work.run(reading, from: .disk)
            eventLoop.execute { [work] in
                let (exchange, delivery) = parcel.value
                connection.value.resumeTransformed(outcome, work, exchange, delivery)
            }
        }
        if !isQueued { failTransform(.tooManyReads, work, exchange, delivery) }
    }

    private func resumeTransformed(
        _ outcome: BodyCursor.Outcome,
        _ work: TransformWork,
        _ exchange: Exchange,
        _ delivery: Delivery
    ) {
        guard case .preparing = phase else {
            loop.giveBack(work.input)
            return loop.giveBack(work.output)
        }
        switch outcome {
        case .filled: sendOutput(work, exchange, delivery)
        case .failed(let error): failTransform(error, work, exchange, delivery)
        case .notResident:
            failTransform(.readFailed(errorNumber: 0), work, exchange, delivery)
        }
        canAdvance = true
        advance()
    }

    private func sendOutput(_ work: TransformWork, _ exchange: Exchange, _ delivery: Delivery) {
        loop.giveBack(work.input)
        delivery.cursor = work.cursor
        delivery.piece = work.output
        delivery.isInFlight = true
        var output = work.output.buffer
        if delivery.part.count < Int(delivery.body.sizeBytes), let head = delivery.head {
            // A part of what was made: its head does not touch it.
            write(head)
            exchange.bytesSent += UInt64(head.readableBytes)
            output.moveReaderIndex(
                forwardBy: head.readableBytes + Int(delivery.part.lowerBound)
            )
            output = output.readSlice(length: delivery.part.count) ?? ByteBuffer()
        }
        delivery.head = nil
        exchange.bytesSent += UInt64(output.readableBytes)
        exchange.firstByteAt = .now()
        phase = .sending(exchange, delivery)
        writeFollowed(.byteBuffer(output))
    }

    private func failTransform(
        _ error: StoredBodyError,
        _ work: TransformWork,
        _ exchange: Exchange,
        _ delivery: Delivery
    ) {
        loop.giveBack(work.input)
        fail(error, exchange, delivery, work.output)
    }

    // MARK: - Failures

    /// Before the head is sent there is a status for it; after, only the end of the connection
    /// tells the client that the body is not whole.
    func fail(
        _ error: StoredBodyError,
        _ exchange: Exchange,
        _ delivery: Delivery,
        _ piece: Piece?
    ) {
        if let piece { loop.giveBack(piece) }
        guard delivery.head != nil else {
            phase = .closed
            report(exchange, wasAborted: true)
            context?.close(promise: nil)
            return
        }
        phase = .reading
        answer(error.response, exchange)
    }

    // MARK: - Piece memory

    private func take(_ sizeBytes: Int) -> Piece? {
        loop.hasMemoryWaiters && !isMemoryWaiter ? nil : loop.pieces.take(capacityBytes: sizeBytes)
    }

    private func takePair(
        _ inputSizeBytes: Int,
        _ outputSizeBytes: Int
    ) -> (input: Piece, output: Piece)? {
        guard !loop.hasMemoryWaiters || isMemoryWaiter else { return nil }
        return loop.pieces.takePair(inputSizeBytes, outputSizeBytes)
    }

    private func waitForMemory(_ exchange: Exchange, _ delivery: Delivery) {
        guard isMemoryWaiter || loop.waitForMemory(self) else {
            return fail(.noMemory, exchange, delivery, nil)
        }
        deadline = .now() + loop.times.memoryWait
        phase = .waitingForMemory(exchange, delivery)
    }

    /// Tries again; whether the connection need not wait any more.
    func resumeAfterMemoryWait() -> Bool {
        guard case .waitingForMemory(let exchange, let delivery) = phase else { return true }
        isMemoryWaiter = true
        defer { isMemoryWaiter = false }
        phase = .preparing(exchange)
        let since = deadline
        sendPiece(exchange, delivery)
        if case .waitingForMemory = phase {
            deadline = since
            return false
        }
        canAdvance = true
        advance()
        return true
    }
}
