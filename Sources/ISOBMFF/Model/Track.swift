/// One track of a movie.
///
/// ISO/IEC 14496-12 §8.3
package struct Track: Hashable, Sendable {
    /// What a track carries, from its handler type. ISO/IEC 14496-12 §8.4.3
    package enum Kind: Hashable, Sendable {
        case video
        case audio
        /// `text`, `subt`, `sbtl` and `clcp` handlers.
        case text
        case other(FourCC)
    }

    package var id: UInt32
    package var kind: Kind
    /// Ticks a second of all sample times of this track; never 0.
    package var timescale: UInt32
    /// BCP 47 tag from `elng`, else the ISO 639-2 code of `mdhd`; `und` where there is none.
    package var language: String
    /// The handler's name, which some encoders use as a label.
    package var name: String
    package var isEnabled: Bool
    /// Clockwise rotation that the matrix asks for: 0, 90, 180 or 270.
    package var rotationDegrees: Int
    /// Display size of `tkhd` before rotation, 0 where unset.
    package var displayWidth: Int
    package var displayHeight: Int
    /// The `tkhd` matrix as it stands, for the header that is written; nine 32-bit values.
    package var matrix: [UInt32]
    package var edit: Edit
    /// At least one; `SampleTable.descriptionIndexes` points into this.
    package var sampleEntries: [SampleEntry]
    package var samples: SampleTable

    package init(
        id: UInt32,
        kind: Kind,
        timescale: UInt32,
        language: String = "und",
        name: String = "",
        isEnabled: Bool = true,
        rotationDegrees: Int = 0,
        displayWidth: Int = 0,
        displayHeight: Int = 0,
        matrix: [UInt32] = Track.identityMatrix,
        edit: Edit = Edit(),
        sampleEntries: [SampleEntry],
        samples: SampleTable
    ) {
        self.id = id
        self.kind = kind
        self.timescale = timescale
        self.language = language
        self.name = name
        self.isEnabled = isEnabled
        self.rotationDegrees = rotationDegrees
        self.displayWidth = displayWidth
        self.displayHeight = displayHeight
        self.matrix = matrix
        self.edit = edit
        self.sampleEntries = sampleEntries
        self.samples = samples
    }

    /// The matrix that changes nothing. ISO/IEC 14496-12 §6.2.2
    package static let identityMatrix: [UInt32] = [
        0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000,
    ]
}

/// What a track's edit list comes to: at most one empty edit, then at most one of media.
///
/// Presentation time of a sample = `emptyDuration` + decode time + composition offset - `mediaTime`.
///
/// ISO/IEC 14496-12 §8.6.6
package struct Edit: Hashable, Sendable {
    /// Silence or blackness in front, in the track's timescale.
    package var emptyDuration: Int64
    /// Composition time at which the presentation starts, in the track's timescale.
    package var mediaTime: Int64
    /// How much media is presented, in the track's timescale; nil is all of it.
    package var duration: Int64?

    package init(emptyDuration: Int64 = 0, mediaTime: Int64 = 0, duration: Int64? = nil) {
        self.emptyDuration = emptyDuration
        self.mediaTime = mediaTime
        self.duration = duration
    }
}
