import ISOBMFF

/// How the samples of a video track become access units of a byte stream.
///
/// Every access unit starts with a delimiter of ours, and sync samples with the parameter sets of
/// the sample entry behind it; a delimiter that a sample starts with is dropped. What the sample
/// holds besides is kept, parameter sets of its own included: they come later and win.
///
/// ISO/IEC 14496-10 annex B, ISO/IEC 23008-2 annex B, ISO/IEC 13818-1 §2.14, §2.17
struct VideoFraming: Sendable {
    /// `stream_type` of the PMT.
    let streamType: UInt8
    /// Bytes of the length in front of each NAL unit: 1, 2 or 4.
    let lengthSize: Int
    /// An access unit delimiter with its start code; it allows every kind of slice.
    let delimiter: [UInt8]
    /// The delimiter and the parameter sets, each with its start code.
    let syncPrefix: [UInt8]
    /// Finds an access unit delimiter by the first byte of a NAL unit: masked, it is the type.
    let delimiterMask: UInt8
    let delimiterType: UInt8

    /// - Throws: `.notFound` where no transport stream can carry the entry.
    init(_ entry: SampleEntry) throws(PackagingError) {
        guard let framing = VideoFraming(carrying: entry) else { throw .notFound }
        self = framing
    }

    /// nil where no transport stream can carry the entry.
    init?(carrying entry: SampleEntry) {
        switch (entry.codec, entry.format) {
        case (.avc(let configuration), "avc1"), (.avc(let configuration), "avc3"):
            self.init(
                streamType: 0x1B,
                lengthSize: configuration.lengthSize,
                delimiter: [0x09, 0xF0],
                parameterSets: configuration.sequenceParameterSets
                    + configuration.pictureParameterSets,
                delimiterMask: 0x1F,
                delimiterType: 9
            )
        case (.hevc(let configuration), "hvc1"), (.hevc(let configuration), "hev1"):
            self.init(
                streamType: 0x24,
                lengthSize: configuration.lengthSize,
                delimiter: [0x46, 0x01, 0x50],
                parameterSets: configuration.parameterSets,
                delimiterMask: 0x7E,
                delimiterType: 35 << 1
            )
        default:
            return nil
        }
    }

    private init?(
        streamType: UInt8,
        lengthSize: Int,
        delimiter: [UInt8],
        parameterSets: [[UInt8]],
        delimiterMask: UInt8,
        delimiterType: UInt8
    ) {
        guard [1, 2, 4].contains(lengthSize) else { return nil }
        self.streamType = streamType
        self.lengthSize = lengthSize
        self.delimiter = Self.startCode + delimiter
        self.syncPrefix = parameterSets.reduce(self.delimiter) { $0 + Self.startCode + $1 }
        self.delimiterMask = delimiterMask
        self.delimiterType = delimiterType
    }

    private static let startCode: [UInt8] = [0, 0, 0, 1]

    /// Bytes of an access unit at most: what the schedule counts with.
    ///
    /// A start code has as many bytes as a length of 4, so that such a sample keeps its size.
    /// Shorter lengths grow with each NAL unit, which only the sample itself can count: room for
    /// many is kept, and what is not used of it goes into adaptation fields.
    func plannedSizeBytes(sampleSizeBytes: Int, isSync: Bool) -> Int {
        let prefix = isSync ? syncPrefix.count : delimiter.count
        let units =
            sampleSizeBytes / TransportStreamLimits.bytesPerUnit + TransportStreamLimits.spareUnits
        return prefix + sampleSizeBytes + (4 - lengthSize) * units
    }
}
