/// Something that happens in a handler, and that a test waits for.
struct Signal {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// To be called where it happens.
    var send: @Sendable () -> Void {
        { [continuation] in _ = continuation.yield() }
    }

    /// Returns after it has happened once more.
    func wait() async {
        for await _ in stream { return }
    }
}
