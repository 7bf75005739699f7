/// Makes a JPEG of a key frame; the program that runs the origin brings one, as the origin itself
/// decodes nothing.
///
/// All calls come from one thread that is for nothing else.
package protocol ThumbnailMaker: AnyObject {
    /// Makes a picture of the key frame that `media` begins with; blocks, for seconds at most.
    ///
    /// - Parameters:
    ///   - media: a part of fragmented MP4.
    ///   - initialization: its init segment.
    /// - Returns: the picture, or why there is none.
    func picture(of media: [UInt8], initialization: [UInt8]) -> ThumbnailOutcome
}

/// What a key frame came to.
package enum ThumbnailOutcome: Hashable, Sendable {
    /// A JPEG.
    case picture([UInt8])
    /// No picture can be made of it.
    case refused
    /// It took too long, or ended the process that decodes.
    case failed
    /// None can be made for now, whatever the key frame is.
    case unavailable
}
