/// The entry point that libFuzzer calls: any bytes of an encoder are read by the guarded librtmp as
/// the server does it, over a real socket.
///
/// librtmp itself is not instrumented, but what it copies with `memcpy` and `recv`, which is all that
/// it does with a body, is watched by the address sanitizer.
///
/// Compiled together with sources of Live by `run`.

internal import Glibc

/// More than librtmp's socket buffer holds, and less than what a socket takes without a reader.
private let longestInput = 100_000

/// Reads the bytes that the fuzzer made, as what an encoder sends behind the handshake.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTMP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard LibRTMP.isReady, count <= longestInput else { return 0 }
    var ends: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return 0 }
    guard unsafe send(ends[1], start, count, Int32(MSG_NOSIGNAL)) == count else {
        preconditionFailure("the socket does not take an input")
    }
    shutdown(ends[1], Int32(SHUT_WR))
    if let handle = RTMPHandle(descriptor: ends[0]) { read(handle) }
    close(ends[1])
    return 0
}

private func read(_ handle: RTMPHandle) {
    var chunkGuard = ChunkGuard(largestMessageBytes: 64 << 10, mostInFlightBytes: 256 << 10)
    var session = RTMPSessionStateMachine(application: "live", clientAddress: "", isSecure: false)
    while true {
        switch handle.readChunk(&chunkGuard) {
        case .part: continue
        case .closed, .refused: return
        case .message: break
        }
        precondition(chunkGuard.inFlightBytes <= 256 << 10)
        var size: Int?
        handle.withMessage { header, body in
            if case .setChunkSize(let wanted) = RTMPControl(header.type, body) { size = wanted }
            take(header, body, &session)
        }
        if let size {
            guard RTMPLimits.chunkSizes.contains(size) else { return }
            chunkGuard.chunkSize = size
            handle.setReceivedChunkSize(size)
        }
    }
}

private func take(
    _ header: RTMPMessageHeader,
    _ body: Span<UInt8>,
    _ session: inout RTMPSessionStateMachine
) {
    // Every byte is looked at, so that one that is not there is found.
    var sum = 0
    for index in body.indices { sum &+= Int(body[index]) }
    var aggregate = AggregateMessage(timestamp: header.timestamp)
    while let part = aggregate.next(in: body) {
        precondition(part.range.upperBound <= body.count)
    }
    var reader = AMF0Reader(body)
    if let values = try? reader.remaining() {
        // What was read can be written, and reads the same.
        var writer = AMF0Writer()
        for value in values { writer.write(value) }
        var second = AMF0Reader(writer.bytes)
        guard (try? second.remaining()) != nil else { preconditionFailure("cannot read our own") }
    }
    guard header.type == RTMPMessageType.command,
        let command = try? RTMPCommand(body, messageStream: header.messageStream)
    else { return }
    for action in session.receive(command) {
        if case .decide = action { _ = session.decided(nil) }
    }
}
