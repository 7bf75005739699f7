/// What a probe found: the container and its streams.
package struct MediaDescription: Hashable, Sendable, Codable {
    /// The container's name in libavformat, such as `matroska,webm`.
    package var container: String
    /// The container's name for people.
    package var containerName: String
    /// Declared or estimated; nil where unknown.
    package var durationSeconds: Double?
    package var sizeBytes: UInt64
    package var streams: [Stream]

    /// One elementary stream.
    package struct Stream: Hashable, Sendable, Codable {
        package enum Kind: String, Sendable, Codable {
            case video
            case audio
            case subtitle
            case other
        }

        /// 0-based place in the container.
        package var index: Int
        package var kind: Kind
        /// The codec's name in libavcodec, such as `h264`.
        package var codec: String
        /// ISO 639 code or BCP 47 tag as the container has it; nil where it has none.
        package var language: String?
        package var title: String?
        /// Coded size of a video.
        package var width = 0
        package var height = 0
        /// Frames a second as a fraction, 0/1 where unknown.
        package var frameRateNumerator: Int32 = 0
        package var frameRateDenominator: Int32 = 1
        package var sampleRate = 0
        package var channelCount = 0
        package var isDefault = false
        package var isForced = false
        package var isCommentary = false
        /// Audio for the visually impaired, or text that describes the picture.
        package var isDescription = false
        package var isForHearingImpaired = false
        /// Cover art: a picture that the container presents as a video stream.
        package var isAttachedPicture = false

        package init(index: Int, kind: Kind, codec: String) {
            self.index = index
            self.kind = kind
            self.codec = codec
        }
    }

    package init(
        container: String,
        containerName: String,
        durationSeconds: Double?,
        sizeBytes: UInt64,
        streams: [Stream]
    ) {
        self.container = container
        self.containerName = containerName
        self.durationSeconds = durationSeconds
        self.sizeBytes = sizeBytes
        self.streams = streams
    }
}
