import ISOBMFF
import Segmenting

/// One video track's way from the encoder's packets to access units and their sample entry.
///
/// The encoder's configuration record counts, and so do parameter sets and sequence headers in the
/// frames; whatever changes them changes the entry, and `formatNumber` with it.
struct VideoAssembly {
    enum Outcome: Hashable {
        case frame([UInt8], isSync: Bool)
        case dropped(LiveSourceStatistics.Drop)
        /// Parameter sets without a picture.
        case nothing
    }

    let codec: FourCC
    private(set) var entry: SampleEntry?
    private(set) var picture: PictureFormat?
    /// How often the entry changed.
    private(set) var formatNumber = 0

    /// The record that the encoder sent last, to see that it sends the same again.
    private var record: [UInt8] = []
    private var dynamicRange: DynamicRange?
    private var configurationBox: [UInt8] = []
    var lengthSize = 4
    var sets: ParameterSets
    /// Sets that came without a picture, for the next one that decoding starts at.
    var waitingSets: ParameterSets?
    /// Nothing was decodable yet.
    var waitsForSync = true
    /// The frame that came last has a recovery point.
    var isAtRecoveryPoint = false
    /// The last picture that decoding started at has leading ones that refer to what was not sent.
    var skipsLeading = false

    /// nil for a codec that is not known.
    init?(codec: FourCC) {
        guard ["avc1", "hvc1", "av01", "vp09"].contains(codec) else { return nil }
        self.codec = codec
        sets = ParameterSets(isHEVC: codec == "hvc1")
    }

    /// Drops what comes until decoding can start again.
    mutating func waitForSync() {
        waitsForSync = true
    }

    mutating func set(_ range: DynamicRange) {
        guard range != dynamicRange else { return }
        dynamicRange = range
        if let picture { update(picture, configurationBox) }
    }

    /// Takes a configuration record; an empty one says that the frames have it.
    ///
    /// - Returns: false where it is none that can be used.
    mutating func configure(_ body: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !Bytes.equal(record, body, range) else { return true }
        let bytes = Bytes.copy(body, range)
        record = bytes
        switch codec {
        case "avc1": return configureAVC(bytes)
        case "hvc1": return configureHEVC(bytes)
        case "av01": return configureAV1(bytes)
        default: return bytes.isEmpty || bytes.count >= 12
        }
    }

    /// One frame.
    mutating func frame(
        _ body: Span<UInt8>,
        _ range: Range<Int>,
        units: inout NALUnitRanges,
        limits: LiveSourceConfiguration.Limits
    ) -> Outcome {
        switch codec {
        case "av01": frameOfUnits(body, range, limit: limits.units)
        case "vp09": frameOfVP9(body, range)
        default: frameOfNALUnits(body, range, &units, limit: limits.units)
        }
    }

    /// Makes the entry anew, and counts it where it is another one.
    @discardableResult
    mutating func update(_ picture: PictureFormat, _ configuration: [UInt8]) -> Bool {
        let visual = VisualEntry(
            format: codec,
            picture: picture,
            configurationType: Self.configurationType(codec),
            configuration: configuration,
            dynamicRange: dynamicRange
        )
        guard let made = visual.entry else { return false }
        (self.picture, configurationBox) = (picture, configuration)
        if made != entry {
            entry = made
            formatNumber += 1
        }
        return true
    }

    /// What a record says, read as the box that it will be.
    private func parsed(_ bytes: [UInt8]) -> Codec? {
        let visual = VisualEntry(
            format: codec,
            picture: PictureFormat(width: 16, height: 16),
            configurationType: Self.configurationType(codec),
            configuration: bytes
        )
        return visual.entry?.codec
    }

    private static func configurationType(_ codec: FourCC) -> FourCC {
        switch codec {
        case "avc1": "avcC"
        case "hvc1": "hvcC"
        case "av01": "av1C"
        default: "vpcC"
        }
    }
}

// MARK: Records

extension VideoAssembly {
    /// A record without sets, as from encoders that keep them in the frames, is as good as none.
    private mutating func configureAVC(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 7 else { return true }
        guard case .avc(let configuration)? = parsed(bytes) else { return false }
        lengthSize = configuration.lengthSize
        guard let first = configuration.sequenceParameterSets.first,
            !configuration.pictureParameterSets.isEmpty
        else { return true }
        guard let parameters = AVCSequenceParameterSet(first) else { return false }
        sets = ParameterSets(configuration)
        return update(parameters.picture, bytes)
    }

    private mutating func configureHEVC(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 23 else { return true }
        guard case .hevc(let configuration)? = parsed(bytes) else { return false }
        lengthSize = configuration.lengthSize
        let found = ParameterSets(configuration)
        guard let first = found.sets[1].first, !found.sets[0].isEmpty, !found.sets[2].isEmpty
        else { return true }
        guard let parameters = HEVCSequenceParameterSet(first) else { return false }
        sets = found
        return update(parameters.picture, bytes)
    }

    private mutating func configureAV1(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4 else { return bytes.isEmpty }
        guard parsed(bytes) != nil else { return false }
        var units = OpenUnits(range: 4..<bytes.count)
        while let unit = units.next(bytes.span) {
            guard unit.type == OpenUnits.sequenceHeader else { continue }
            return take(sequenceHeader: Array(bytes[unit.payload]))
        }
        return true
    }

    /// The box is made from the header itself: what encoders write into it is not always so.
    mutating func take(sequenceHeader payload: [UInt8]) -> Bool {
        guard let header = AV1SequenceHeader(payload), payload.count < 1 << 14 else { return false }
        let coded = header.configuration
        var writer = BoxWriter(reservingBytes: 32)
        writer.append(UInt8(0x81))
        writer.append(coded.profile << 5 | coded.level)
        var bits: UInt8 = coded.isHighTier ? 0x80 : 0
        bits |= coded.bitDepth > 8 ? 0x40 : 0
        bits |= coded.bitDepth > 10 ? 0x20 : 0
        bits |= coded.isMonochrome ? 0x10 : 0
        bits |= coded.chromaSubsamplingX ? 0x08 : 0
        bits |= coded.chromaSubsamplingY ? 0x04 : 0
        writer.append(bits | coded.chromaSamplePosition)
        writer.append(UInt8(0))
        writer.append(UInt8(OpenUnits.sequenceHeader << 3 | 0x02))
        if payload.count >= 0x80 { writer.append(UInt8(payload.count & 0x7F | 0x80)) }
        writer.append(UInt8(payload.count >= 0x80 ? payload.count >> 7 : payload.count))
        writer.append(contentsOf: payload)
        return update(header.picture, writer.bytes)
    }

    /// `vpcC` for a key frame: as the encoder sent it, else as the frame shows.
    fileprivate func vp9Box(_ header: VP9FrameHeader) -> [UInt8] {
        if record.count >= 12 { return record }
        let coded = header.configuration
        let bits =
            coded.bitDepth << 4 | coded.chromaSubsampling << 1 | (coded.isFullRange ? 1 : 0)
        return [1, 0, 0, 0, coded.profile, coded.level, bits]
            + [coded.primaries, coded.transfer, coded.matrix, 0, 0]
    }
}

// MARK: VP9

extension VideoAssembly {
    private mutating func frameOfVP9(_ body: Span<UInt8>, _ range: Range<Int>) -> Outcome {
        let head = Bytes.copy(body, range.prefix(VP9FrameHeader.sizeBytes))
        guard let header = VP9FrameHeader(head) else { return .dropped(.malformed) }
        if header.isKey {
            guard update(header.picture, vp9Box(header)) else {
                return .dropped(.invalidConfiguration)
            }
            waitsForSync = false
        }
        guard !waitsForSync else { return .dropped(.beforeKeyFrame) }
        return .frame(Bytes.copy(body, range), isSync: header.isKey)
    }
}
