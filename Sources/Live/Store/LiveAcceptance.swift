/// What became of a publish's media.
package enum LiveAcceptance: Hashable, Sendable {
    case taken
    /// Another publish has taken over; nothing was taken.
    case replaced
    /// It was taken, and the stream is larger than it may be: the publish is to end.
    case tooLarge(limitBytes: Int)
}
