/// What a file may ask of the reader; every limit of reading stands here.
///
/// Table counts need no limit of their own: each is checked against the bytes that remain in its
/// box before memory is reserved. These limits are for what few bytes can ask much of.
package struct ISOBMFFLimits: Hashable, Sendable {
    /// Size of the file; far below what a 64-bit sum can hold, so that places in it always add up.
    package var fileBytes: UInt64 = 1 << 60
    /// Size of `moov`, which is read whole; 512 MiB is a day of ten tracks.
    package var movieBoxBytes: UInt64 = 512 << 20
    /// Size of a `ftyp` that is looked into; a larger one is passed over.
    package var fileTypeBoxBytes: UInt64 = 4096
    /// Size of one `moof`, which is read whole.
    package var fragmentBoxBytes: UInt64 = 64 << 20
    /// Boxes at the file's top level: each may cost a read.
    package var topLevelBoxes = 2_000_000
    /// `moof` boxes: a day of one-second fragments of five tracks.
    package var fragments = 500_000
    /// `trak` boxes.
    package var tracks = 128
    /// Entries of one `stsd`; `SampleTable.descriptionIndexes` holds no larger index than 254.
    package var sampleEntries = 255
    /// Samples of all tracks together, at about 24 bytes each while reading: a day of 60 frames
    /// and 47 audio frames a second leaves room for six more audio tracks.
    package var samples = 32_000_000
    /// Entries of one `elst`.
    package var edits = 1024
    /// Bytes of a text: a handler's name, a language tag.
    package var textBytes = 255

    package init() {}

    package static let `default` = ISOBMFFLimits()
}
