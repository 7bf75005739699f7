import ISOBMFF

/// The head of a frame that says by itself how it is coded.
struct SoundHead: Hashable {
    /// What must stay for the sample entry to stay.
    struct Format: Hashable {
        var codec: FourCC
        var sampleRate: UInt32
        var channelCount: Int
        /// Payload of the box that the codec needs; for MP3 its object type.
        var configuration: [UInt8]
    }

    var format: Format
    var samples: Int
    var sizeBytes: Int
    /// data_rate of `dec3`, which may differ from frame to frame.
    var kilobits = 0

    var entry: SampleEntry? {
        let isMP3 = format.codec == ".mp3"
        return SoundEntry.entry(
            isMP3 ? "mp4a" : format.codec,
            channelCount: format.channelCount,
            sampleRate: format.sampleRate
        ) { writer in
            if isMP3 {
                SoundEntry.writeDescriptor(
                    objectType: format.configuration[0],
                    [],
                    to: &writer
                )
            } else {
                var configuration = format.configuration
                if format.codec == "ec-3" {
                    configuration[0] = UInt8(truncatingIfNeeded: kilobits >> 5)
                    configuration[1] = UInt8(truncatingIfNeeded: kilobits << 3)
                }
                writer.box(format.codec == "ac-3" ? "dac3" : "dec3") {
                    $0.append(contentsOf: configuration)
                }
            }
        }
    }
}

// MARK: MPEG audio

extension SoundHead {
    /// Layer III. ISO/IEC 11172-3 §2.4.2.3, ISO/IEC 13818-3 §2.4.2.3
    static func mpeg(_ body: Span<UInt8>, _ range: Range<Int>) -> SoundHead? {
        guard range.count >= 4 else { return nil }
        let start = range.lowerBound
        let (second, third) = (body[start + 1], body[start + 2])
        guard body[start] == 0xFF, second & 0xE0 == 0xE0, second >> 1 & 3 == 1 else { return nil }
        let version = Int(second >> 3 & 3)
        let (bitrateIndex, rateIndex) = (Int(third >> 4), Int(third >> 2 & 3))
        guard version != 1, rateIndex < 3, (1...14).contains(bitrateIndex) else { return nil }
        let isFirst = version == 3
        let rate = [44_100, 48_000, 32_000][rateIndex] >> (isFirst ? 0 : version == 2 ? 1 : 2)
        let bitrate = (isFirst ? firstBitrates : secondBitrates)[bitrateIndex - 1] * 1000
        let size = (isFirst ? 144 : 72) * bitrate / rate + Int(third >> 1 & 1)
        return SoundHead(
            format: Format(
                codec: ".mp3",
                sampleRate: UInt32(rate),
                channelCount: body[start + 3] >> 6 == 3 ? 1 : 2,
                configuration: [isFirst ? 0x6B : 0x69]
            ),
            samples: isFirst ? 1152 : 576,
            sizeBytes: size
        )
    }

    /// Thousand bits a second by bitrate_index, from 1 on.
    private static let firstBitrates = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ]
    private static let secondBitrates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
}

// MARK: AC-3

extension SoundHead {
    private static let rates: [UInt32] = [48_000, 44_100, 32_000]
    private static let channels = [2, 1, 2, 3, 3, 4, 4, 5]
    /// Bytes of a head that are looked at.
    private static let headBytes = 16

    /// Syncframe and `dac3`. ETSI TS 102 366 §4.3, §F.4
    static func ac3(_ body: Span<UInt8>, _ range: Range<Int>) -> SoundHead? {
        var bits = BitCursor(Bytes.copy(body, range.prefix(headBytes)))
        guard bits.read(16) == 0x0B77 else { return nil }
        bits.skip(16)  // crc1
        let (rateCode, sizeCode) = (bits.read(2), bits.read(6))
        let (identification, mode) = (bits.read(5), bits.read(3))
        let coding = bits.read(3)
        if coding & 1 == 1, coding != 1 { bits.skip(2) }
        if coding & 4 != 0 { bits.skip(2) }
        if coding == 2 { bits.skip(2) }
        let lowFrequency = bits.read(1)
        guard !bits.isOverrun, rates.indices.contains(rateCode), identification <= 8,
            sizeCode < 38
        else { return nil }
        let packed =
            rateCode << 22 | identification << 17 | mode << 14 | coding << 11
            | lowFrequency << 10 | (sizeCode >> 1) << 5
        return SoundHead(
            format: Format(
                codec: "ac-3",
                sampleRate: rates[rateCode],
                channelCount: channels[coding] + lowFrequency,
                configuration: [16, 8, 0].map { UInt8(truncatingIfNeeded: packed >> $0) }
            ),
            samples: 1536,
            sizeBytes: headBytes / 2
        )
    }

    /// Syncframes of one program and `dec3`. ETSI TS 102 366 §E.1.2, §F.6
    static func enhancedAC3(_ body: Span<UInt8>, _ range: Range<Int>) -> SoundHead? {
        guard let first = EnhancedFrame(body, range), first.streamType != 1 else { return nil }
        var dependents = 0
        var locations = 0
        var blocks = first.blocks
        var position = range.lowerBound + first.sizeBytes
        var bytes = first.sizeBytes
        while let frame = EnhancedFrame(body, position..<max(position, range.upperBound)) {
            if frame.streamType == 1 {
                dependents = min(dependents + 1, 15)
                locations |= frame.locations
            } else if frame.substream == 0 {
                blocks += frame.blocks
            }
            position += frame.sizeBytes
            bytes += frame.sizeBytes
        }
        guard bytes <= range.count, blocks <= 24 else { return nil }
        let bitrate = bytes * 8 * Int(first.sampleRate) / (blocks * 256) / 1000
        // data_rate and num_ind_sub stay 0 here
        var packed = first.rateCode
        packed = packed << 5 | first.identification
        packed = packed << 5  // reserved, asvc, bsmod
        packed = packed << 3 | first.coding
        packed = packed << 1 | first.lowFrequency
        packed = packed << 3
        packed = packed << 4 | dependents
        packed = dependents > 0 ? packed << 9 | locations : packed << 1
        let size = dependents > 0 ? 6 : 5
        return SoundHead(
            format: Format(
                codec: "ec-3",
                sampleRate: first.sampleRate,
                channelCount: channels[first.coding] + first.lowFrequency,
                configuration: (0..<size).reversed().map {
                    UInt8(truncatingIfNeeded: packed >> (8 * $0))
                }
            ),
            samples: blocks * 256,
            sizeBytes: bytes,
            kilobits: min(bitrate, 8191)
        )
    }
}

/// One syncframe of E-AC-3. ETSI TS 102 366 §E.1.2
private struct EnhancedFrame {
    var streamType: Int
    var substream: Int
    var sizeBytes: Int
    var sampleRate: UInt32
    var rateCode: Int
    var blocks: Int
    var coding: Int
    var lowFrequency: Int
    var identification: Int
    /// chan_loc: speakers of a dependent substream.
    var locations = 0

    init?(_ body: Span<UInt8>, _ range: Range<Int>) {
        guard range.count >= 8 else { return nil }
        var bits = BitCursor(Bytes.copy(body, range.prefix(16)))
        guard bits.read(16) == 0x0B77 else { return nil }
        streamType = bits.read(2)
        substream = bits.read(3)
        sizeBytes = (bits.read(11) + 1) * 2
        rateCode = bits.read(2)
        let second = bits.read(2)
        guard rateCode < 3 || second < 3, streamType < 3, sizeBytes >= 8 else { return nil }
        let rates: [UInt32] = [48_000, 44_100, 32_000]
        sampleRate = rateCode < 3 ? rates[rateCode] : rates[second] / 2
        blocks = rateCode < 3 ? [1, 2, 3, 6][second] : 6
        coding = bits.read(3)
        lowFrequency = bits.read(1)
        identification = bits.read(5)
        guard (11...16).contains(identification) else { return nil }
        guard streamType == 1 else { return }
        bits.skip(5)  // dialnorm
        if bits.flag() { bits.skip(8) }
        if coding == 0 {
            bits.skip(5)
            if bits.flag() { bits.skip(8) }
        }
        guard bits.flag() else { return }
        let map = bits.read(16)
        // chanmap's bits 5 to 12 from the top, and 14 for a second low frequency channel.
        for bit in 0..<8 where map >> (10 - bit) & 1 == 1 { locations |= 1 << bit }
        if map >> 1 & 1 == 1 { locations |= 1 << 8 }
    }
}
