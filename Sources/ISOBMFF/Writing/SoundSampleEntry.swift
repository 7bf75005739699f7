/// Turns a sound sample entry, QuickTime's included, into ISO's version 0.
///
/// QuickTime puts 16 or 36 bytes more in front of the boxes (version 1 and 2) and hides the decoder
/// configuration in `wave`. ISO has a version 1 of its own without more bytes; which one it is
/// shows in where the boxes start.
///
/// ISO/IEC 14496-12 §12.2.3; QuickTime File Format, "Sound Sample Descriptions"
struct SoundSampleEntry {
    private let entry: SampleEntry
    private let children: [SampleEntryLayout.Child]
    private let isPlain: Bool

    /// Bytes that QuickTime's version 1 and 2 have between the fields and the boxes.
    private static let quickTimeExtension = [1: 16, 2: 36]

    init(_ entry: SampleEntry) throws(ISOBMFFError) {
        let bytes = entry.boxBytes
        guard bytes.count >= SampleEntryLayout.soundSize else {
            throw .truncated(box: entry.format, offsetBytes: 0)
        }
        let version = Int(bytes[16]) << 8 | Int(bytes[17])
        var starts = [SampleEntryLayout.soundSize]
        if let more = Self.quickTimeExtension[version] {
            starts.append(SampleEntryLayout.soundSize + more)
        }
        let found = starts.lazy.filter { $0 <= bytes.count }
            .compactMap { SampleEntryLayout.children(of: bytes, from: $0) }
            .first { !$0.isEmpty }
        self.entry = entry
        self.children = found ?? []
        self.isPlain =
            version == 0 && entry.format != Self.quickTimeMP3
            && !children.contains { $0.type == "wave" }
    }

    func isoBoxBytes() throws(ISOBMFFError) -> [UInt8] {
        var bytes: [UInt8]
        if isPlain {
            let end = children.last?.place.upperBound ?? entry.boxBytes.count
            bytes = Array(entry.boxBytes[..<end])
        } else {
            bytes = fields
            for child in children where !Self.quickTimeOnly.contains(child.type) {
                bytes += entry.boxBytes[child.place]
            }
            if let type = configurationType, !children.contains(where: { $0.type == type }) {
                bytes += try configuration(type)
            }
        }
        SampleEntryLayout.finish(&bytes)
        return bytes
    }

    private static let quickTimeMP3: FourCC = ".mp3"

    /// Boxes that stand in QuickTime's entries, or in ISO's version 1 and no other.
    private static let quickTimeOnly: Set<FourCC> = ["wave", "chan", "srat", "samr"]

    /// The fields of version 0, for the properties that the reader settled on.
    private var fields: [UInt8] {
        let audio = entry.audio ?? AudioProperties(channelCount: 2, sampleRate: 0)
        var writer = BoxWriter(reservingBytes: 128)
        writer.append(UInt32(0))
        writer.append(entry.format == Self.quickTimeMP3 ? "mp4a" : entry.format)
        writer.append(zeros: 16)
        writer.append(UInt16(clamping: audio.channelCount))
        writer.append(UInt16(16))  // samplesize
        writer.append(zeros: 4)
        // A rate that 16 bits do not hold is left to the configuration.
        writer.append(UInt32(UInt16(exactly: audio.sampleRate) ?? 0) << 16)
        return writer.bytes
    }

    /// The box that a decoder cannot do without.
    private var configurationType: FourCC? {
        switch entry.codec {
        case .aac, .mp3: "esds"
        case .opus: "dOps"
        case .flac: "dfLa"
        case .ac3: "dac3"
        case .eac3: "dec3"
        default: nil
        }
    }

    private func configuration(_ type: FourCC) throws(ISOBMFFError) -> [UInt8] {
        if let wave = children.first(where: { $0.type == "wave" }),
            let inside = SampleEntryLayout.children(
                of: entry.boxBytes,
                in: wave.place.lowerBound + 8..<wave.place.upperBound
            )?.first(where: { $0.type == type })
        {
            return Array(entry.boxBytes[inside.place])
        }
        guard entry.codec == .mp3 else { throw .missing(box: type) }
        return mp3Configuration
    }

    /// `esds` for MP3, which needs no more than its object type. ISO/IEC 14496-1 §7.2.6
    private var mp3Configuration: [UInt8] {
        let isMPEG1 = (entry.audio?.sampleRate ?? 44_100) >= 32_000
        var writer = BoxWriter(reservingBytes: 35)
        writer.fullBox("esds") {
            $0.append(contentsOf: [0x03, 21, 0, 0, 0])  // ES_Descriptor
            $0.append(contentsOf: [0x04, 13, isMPEG1 ? 0x6B : 0x69, 0x15, 0, 0, 0])
            $0.append(entry.maximumBitrate)
            $0.append(entry.averageBitrate)
            $0.append(contentsOf: [0x06, 1, 0x02])  // SLConfigDescriptor: as in MP4
        }
        return writer.bytes
    }
}
