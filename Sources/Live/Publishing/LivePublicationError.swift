/// Why a publish takes more memory than it may; the text is for the encoder's operator.
package enum LivePublicationError: Error, Hashable, Sendable {
    /// Times stand still, or one track waits for another that does not come.
    case tooMuchWaits(limitBytes: Int)
    /// The shortest playlist that there may be is more than memory has room for.
    case streamTooLarge(limitBytes: Int)
}

extension LivePublicationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooMuchWaits(let limit):
            "frames of more than \(limit >> 20) MB wait: times stand still, or tracks are apart"
        case .streamTooLarge(let limit):
            "the stream's newest segments are more than \(limit >> 20) MB"
        }
    }
}
