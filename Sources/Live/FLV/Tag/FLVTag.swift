import ISOBMFF

/// What one message holds for one track.
///
/// Adobe Flash Video File Format Specification 10.1 annex E.4; Enhanced RTMP v2
struct FLVTag: Hashable {
    enum Packet: Hashable {
        case sequenceStart
        case codedFrames
        case sequenceEnd
        /// Colour of the pictures, as AMF0.
        case metadata
        case mpeg2TSSequenceStart
        case multichannelConfiguration
        case other(UInt8)
    }

    /// `avc1`, `hvc1`, `av01`, `vp09`, `mp4a`, `.mp3`, `Opus`, `fLaC`, `ac-3`, `ec-3`.
    var codec: FourCC
    var packet: Packet
    /// The encoder's number of the track.
    var track: UInt8
    /// Presentation less decode time.
    var compositionMilliseconds: Int
    /// To be added to the message's timestamp.
    var nanoseconds: Int
    /// Where the track's bytes lie in the message.
    var body: Range<Int>
}

/// A message that is no FLV tag.
enum FLVTagError: Error, Hashable {
    case truncated
    /// An older codec, by its name.
    case unsupportedCodec(String)
}
