import NIOCore

/// A connection as its event loop knows it, whatever it speaks.
protocol LoopConnection: AnyObject {
    /// Ends what has lasted too long.
    func checkTime(_ now: NIODeadline)
    /// Ends after what is under way.
    func drain()
    /// Closes at once, whatever is unsent.
    func cut()
}

/// An answer that waits for piece memory.
protocol MemoryWaiter: AnyObject {
    /// Tries again; whether it need not wait any more.
    func resumeAfterMemoryWait() -> Bool
}
