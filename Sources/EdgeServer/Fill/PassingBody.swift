import MediaHTTP

/// A body that is not kept, in the hands of its one viewer.
///
/// A body with a window stops the reading upstream until somebody reads on. Who asked may go away,
/// ask for the head alone, or have the same already: then this ends, and says so.
final class PassingBody: BodySource {
    private let body: GrowingBody
    private let onAbandoned: @Sendable () -> Void

    /// - Parameters:
    ///   - body: on its way, with a window.
    ///   - onAbandoned: called from any thread when nobody holds a body that is not whole yet.
    init(_ body: GrowingBody, onAbandoned: @escaping @Sendable () -> Void) {
        self.body = body
        self.onAbandoned = onAbandoned
    }

    deinit {
        if body.isArriving { onAbandoned() }
    }

    func read(at offsetBytes: UInt64, atMost sizeBytes: Int) -> BodySourceRead {
        body.read(at: offsetBytes, atMost: sizeBytes)
    }

    func wake(_ waiter: any BodyWaiter, at offsetBytes: UInt64) {
        body.wake(waiter, at: offsetBytes)
    }
}
