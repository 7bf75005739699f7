package import Segmenting

/// What a publish sent so far.
package struct LiveSourceStatistics: Hashable, Sendable {
    /// Why something was left out.
    package enum Drop: String, Hashable, Sendable, CaseIterable {
        /// Cut short, or not as its codec has it.
        case malformed
        /// A frame of a track whose configuration has not come.
        case noConfiguration
        /// A configuration that cannot be used.
        case invalidConfiguration
        /// In front of the first frame that decoding can start at.
        case beforeKeyFrame
        /// A leading picture that refers to what was never sent.
        case leadingPicture
        /// Before the publish's first frame.
        case beforeStart
        /// Audio for which there was no time left.
        case noTime
        /// Waiting for the start with an old configuration, or too much of it.
        case waiting
        /// A track beyond the limit.
        case trackLimit
        /// A data message that says nothing of use.
        case data
    }

    /// What one track sent.
    package struct TrackStatistics: Hashable, Sendable {
        package var id: LiveTrackID
        package var frames = 0
        package var bytes = 0
        package var syncFrames = 0
        /// Frames from the last sync frame but one to the last, 0 before the second.
        package var keyFrameDistance = 0
        /// The same in microseconds.
        package var keyFrameDistanceMicroseconds: Int64 = 0
        /// Times at which frames were missing.
        package var gaps = 0

        var lastSync: (frame: Int, microseconds: Int64)? {
            get { syncFrames > 0 ? (lastSyncFrame, lastSyncMicroseconds) : nil }
            set { if let newValue { (lastSyncFrame, lastSyncMicroseconds) = newValue } }
        }
        private var lastSyncFrame = 0
        private var lastSyncMicroseconds: Int64 = 0

        init(id: LiveTrackID) {
            self.id = id
        }
    }

    package var messages = 0
    /// Of all messages' bodies.
    package var bytes = 0
    package var tracks: [TrackStatistics] = []
    /// Timestamp jumps, each of them a discontinuity.
    package var jumps = 0
    /// Changes of the tracks or of how they are coded.
    package var formatChanges = 0
    package var events = 0
    package var drops: [Drop: Int] = [:]
    /// Of the newest `onMetaData`.
    package var metadata = StreamMetadata()

    package init() {}

    mutating func count(_ drop: Drop) {
        drops[drop, default: 0] += 1
    }
}
