/// Every bound of making thumbnails, in one place.
package enum ThumbnailLimits {
    /// Pictures are at most so large; they keep their shape.
    static let width: CInt = 640
    static let height: CInt = 360
    /// As JPEG counts it: 2 is best, 31 worst.
    static let quantizer: CInt = 5
    /// A key frame with more pixels than 8K has is not decoded.
    static let sourcePixels: Int64 = 7680 * 4320

    /// Media that is sent to the child; the key frame stands first, so what is longer is cut off.
    package static let requestBytes = 8 << 20
    /// The same of its answers; a larger picture is none.
    package static let pictureBytes = 1 << 20

    // The child process.

    /// From a request to its picture; a child that takes longer is ended.
    package static let answerTime = Duration.seconds(2)
    /// A child that was ended has a successor after this long at the earliest.
    package static let restartInterval = Duration.seconds(5)
    static let addressSpaceBytes: UInt64 = 2 << 30
    /// One allocation inside libav.
    static let allocationBytes = 256 << 20
    /// CPU time of one picture: for a child whose parent is gone and cannot end it.
    static let cpuSeconds = 5
    /// Its standard streams and few more: it opens nothing.
    static let openFiles: UInt64 = 16
    /// Encoders and viewers come first.
    static let niceness: CInt = 10
}
