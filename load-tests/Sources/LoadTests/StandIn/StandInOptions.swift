/// What the stand-in origin offers.
package struct StandInOptions: Sendable {
    package var liveStream = "standin"
    package var partSeconds = 1.0
    package var partsPerSegment = 4
    package var windowSegments = 15
    package var liveBitsPerSecond = 200_000
    /// Media seconds that pass in a second of the clock.
    package var speed = 1.0
    package var videos = 8
    package var videoSegments = 15
    package var videoSegmentSeconds = 4.0
    /// Of the renditions, lowest first.
    package var videoBitsPerSecond = [400_000, 1_500_000]
    package var threads = 1

    package init() {}

    var segmentSeconds: Double { partSeconds * Double(partsPerSegment) }
    /// Whole seconds, as the tag wants it.
    var targetDuration: Int { Int(segmentSeconds.rounded(.up)) }
    var partSizeBytes: Int { Int(Double(liveBitsPerSecond) / 8 * partSeconds) }
    var videoIDs: [String] { (0..<videos).map { "v\($0 + 1)" } }
}

enum StandInLimits {
    static let headSizeBytes = 32 * 1024
    static let bodySizeBytes = 64 * 1024
    /// Different addresses that are counted.
    static let countedAddresses = 1_000_000
    static let faults = 64
}
