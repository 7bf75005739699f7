import ISOBMFF

/// How the samples of an audio track become frames of a stream that needs no configuration.
struct AudioFraming: Sendable {
    /// `stream_type` of the PMT.
    let streamType: UInt8
    /// `stream_id` of the PES packets.
    let streamID: UInt8
    /// Descriptors of the PMT beside the language's.
    let descriptors: [UInt8]
    /// The ADTS header of an empty frame; nil where frames go in as they are.
    let frameHeader: UInt64?
    /// Samples of a frame, and samples a second, of the core coder: what a demultiplexer
    /// steps its clock by between the frames of one PES packet.
    let frameSampleCount: Int64
    let sampleRate: Int64

    /// Bytes of a frame's header.
    var headerSizeBytes: Int { frameHeader == nil ? 0 : ADTS.headerSizeBytes }
    /// Bytes of a frame at most: what its own length field or that of a PES packet can say.
    var maximumFrameSizeBytes: Int { frameHeader == nil ? 65_000 : ADTS.maximumFrameSizeBytes }

    /// - Throws: `.notFound` where no transport stream can carry the entry.
    init(_ entry: SampleEntry) throws(PackagingError) {
        guard let framing = AudioFraming(carrying: entry) else { throw .notFound }
        self = framing
    }

    /// nil where no transport stream can carry the entry.
    init?(carrying entry: SampleEntry) {
        switch entry.codec {
        case .aac(let configuration):
            guard let header = ADTS.header(configuration) else { return nil }
            // ISO/IEC 13818-1 table 2-34: ISO/IEC 13818-7 audio with ADTS transport syntax.
            streamType = 0x0F
            streamID = 0xC0
            descriptors = []
            frameHeader = header
            frameSampleCount = 1024
            sampleRate = Int64(configuration.coreSampleRate)
        case .mp3, .ac3, .eac3:
            guard let rate = entry.audio?.sampleRate, rate > 0 else { return nil }
            frameHeader = nil
            sampleRate = Int64(rate)
            if entry.codec == .mp3 {
                // MPEG-1 audio has the rates from 32 kHz on, MPEG-2 the halves of them.
                streamType = rate >= 32_000 ? 0x03 : 0x04
                streamID = 0xC0
                descriptors = []
                frameSampleCount = rate >= 32_000 ? 1152 : 576
            } else {
                // ATSC A/52 annex A §A4, annex G §G3: private_stream_1 and a registration.
                let isEnhanced = entry.codec != .ac3
                streamType = isEnhanced ? 0x87 : 0x81
                streamID = 0xBD
                descriptors = ProgramTables.registrationDescriptor(isEnhanced ? "EAC3" : "AC-3")
                frameSampleCount = 1536
            }
        default:
            return nil
        }
    }
}
