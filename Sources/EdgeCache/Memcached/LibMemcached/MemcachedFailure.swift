/// Why a server gave no answer.
enum MemcachedFailure: Error, Hashable, Sendable {
    /// It was silent for the time limit.
    case timedOut
    /// There is no connection to it, or it broke, or the server is left out for now.
    case unreachable
    /// What it said is not the protocol, is larger than it may be, or is an error.
    case malformed
}
