/// Why a publish cannot go on; the text is for the encoder's operator.
package enum LiveSourceError: Error, Hashable, Sendable {
    /// A codec, by its name or four characters, that players of ours do not get.
    case unsupportedCodec(String)
    /// A way of packing that is refused by name.
    case unsupportedPacking(String)
    case messageTooLarge(sizeBytes: Int, limitBytes: Int)
    /// So many messages in a row make no sense that nothing will.
    case tooManyInvalidMessages(Int)
    /// Times jump or formats change so often that nobody can follow.
    case tooManyBreaks(Int)
    /// Viewers could start nowhere for so long.
    case noKeyFrame(seconds: Int, hasRecoveryPoints: Bool)
    /// Pictures came, and nothing usable that says how they are coded.
    case noConfiguration(seconds: Int)
    /// Its times got beyond what can be counted exactly: a new publish goes on.
    case publishTooLong
}

extension LiveSourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedCodec(let name):
            "\(name) is not supported"
        case .unsupportedPacking(let name):
            "\(name) is not supported"
        case .messageTooLarge(let size, let limit):
            "a message has \(size) bytes where at most \(limit) can be"
        case .tooManyInvalidMessages(let count):
            "\(count) messages in a row could not be understood"
        case .tooManyBreaks(let count):
            "times jumped or formats changed more than \(count) times a minute"
        case .noKeyFrame(let seconds, hasRecoveryPoints: false):
            "no key frame came for \(seconds) s"
        case .noKeyFrame(let seconds, hasRecoveryPoints: true):
            "no key frame came for \(seconds) s: turn intra refresh and open GOPs off"
        case .noConfiguration(let seconds):
            "no usable decoder configuration came for \(seconds) s"
        case .publishTooLong:
            "a publish lasts 200 days at most; connect again"
        }
    }
}
