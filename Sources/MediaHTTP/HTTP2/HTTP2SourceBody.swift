import NIOCore

/// Bytes in memory of which some may come later.
final class HTTP2SourceBody: HTTP2Body, BodyWaiter {
    private let source: any BodySource
    private let stream: NIOLoopBound<HTTP2Stream>
    private let state: NIOLoopBoundBox<State>

    private struct State {
        var offsetBytes: UInt64
        let endBytes: UInt64
        var isUnsized: Bool { endBytes == Representation.unknownSize }
        var isWaiting = false
    }

    init(_ source: any BodySource, part: Range<UInt64>, stream: HTTP2Stream) {
        self.source = source
        let eventLoop = stream.connection.loop.eventLoop
        self.stream = NIOLoopBound(stream, eventLoop: eventLoop)
        self.state = NIOLoopBoundBox(
            State(offsetBytes: part.lowerBound, endBytes: part.upperBound),
            eventLoop: eventLoop
        )
    }

    var eventLoop: any EventLoop { stream.eventLoop }

    func resume() {
        state.value.isWaiting = false
        stream.value.bodyHasMore()
    }

    func write(atMost count: Int, to buffer: inout ByteBuffer) -> HTTP2BodyWrite {
        var state = self.state.value
        defer { self.state.value = state }
        var written = 0
        while written < count, state.offsetBytes < state.endBytes {
            let wanted = min(state.endBytes - state.offsetBytes, UInt64(count - written))
            switch source.read(at: state.offsetBytes, atMost: Int(wanted)) {
            case .bytes(let bytes):
                buffer.writeImmutableBuffer(bytes)
                written += bytes.readableBytes
                state.offsetBytes += UInt64(bytes.readableBytes)
            case .pending where written > 0:
                return .wrote(isLast: false)
            case .pending:
                // Woken later, and never from within this call.
                if !state.isWaiting {
                    state.isWaiting = true
                    source.wake(self, at: state.offsetBytes)
                }
                return .obstacle(.wait)
            case .end:
                // A source that ends before its size was wrong about it.
                return state.isUnsized ? .wrote(isLast: true) : .obstacle(.failure(nil))
            case .failed:
                return .obstacle(.failure(nil))
            }
        }
        return .wrote(isLast: state.offsetBytes == state.endBytes)
    }
}
