package import ISOBMFF

/// What manifests and headers need to know of one packaged track; its samples are in the index.
package struct AssetTrack: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        case video
        case audio
    }

    /// Stands in addresses: `[A-Za-z0-9._-]+`, unique in the asset, such as `video-720p`.
    package var name: String
    /// A video's rendition name such as `720p`; of an audio, its name for people.
    package var label: String
    package var kind: Kind
    /// 0-based, into `AssetIndex.files`.
    package var fileIndex: Int
    package var timescale: UInt32
    /// BCP 47, `und` where unknown.
    package var language: String
    package var role: TrackRole
    package var sampleEntries: [SampleEntry]
    package var rotationDegrees: Int
    package var matrix: [UInt32]
    package var displayWidth: Int
    package var displayHeight: Int
    /// Goes into the init segment's edit list: composition time at which the presentation starts,
    /// after all composition offsets were shifted to be 0 or more.
    ///
    /// Presentation time = decode time + composition offset - `editMediaTime`; the decode times of
    /// the index already hold the source's empty edit.
    package var editMediaTime: Int64
    /// Frames a second of a video, as a fraction: 30000/1001; the average where it varies.
    package var frameRateNumerator: UInt32
    package var frameRateDenominator: UInt32
    /// Whether any sample has a composition offset that differs from the others'.
    package var isReordered: Bool
    /// CEA-608/708 seen or declared in the video; nil: not known, manifests then say nothing.
    package var hasClosedCaptions: Bool?
    /// Whether a video's file, as it stands, is what a progressive file of it has to be: fast to
    /// start, with this video, the asset's default audio and nothing else.
    package var isWholeFile: Bool

    package init(
        name: String,
        label: String,
        kind: Kind,
        fileIndex: Int,
        timescale: UInt32,
        language: String,
        role: TrackRole,
        sampleEntries: [SampleEntry],
        rotationDegrees: Int = 0,
        matrix: [UInt32] = Track.identityMatrix,
        displayWidth: Int = 0,
        displayHeight: Int = 0,
        editMediaTime: Int64 = 0,
        frameRateNumerator: UInt32 = 0,
        frameRateDenominator: UInt32 = 1,
        isReordered: Bool = false,
        hasClosedCaptions: Bool? = nil,
        isWholeFile: Bool = false
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.fileIndex = fileIndex
        self.timescale = timescale
        self.language = language
        self.role = role
        self.sampleEntries = sampleEntries
        self.rotationDegrees = rotationDegrees
        self.matrix = matrix
        self.displayWidth = displayWidth
        self.displayHeight = displayHeight
        self.editMediaTime = editMediaTime
        self.frameRateNumerator = frameRateNumerator
        self.frameRateDenominator = frameRateDenominator
        self.isReordered = isReordered
        self.hasClosedCaptions = hasClosedCaptions
        self.isWholeFile = isWholeFile
    }
}
