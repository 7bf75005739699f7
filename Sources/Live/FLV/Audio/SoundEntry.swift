import ISOBMFF

/// Writes audio sample entries. ISO/IEC 14496-12 §12.2.3
enum SoundEntry {
    /// An entry of version 0 around its configuration's box; nil where that is not the codec's.
    static func entry(
        _ format: FourCC,
        channelCount: Int,
        sampleRate: UInt32,
        _ configuration: (inout BoxWriter) -> Void
    ) -> SampleEntry? {
        var writer = BoxWriter(reservingBytes: 128)
        writer.box(format) {
            $0.append(zeros: 6)
            $0.append(UInt16(1))  // data_reference_index
            $0.append(zeros: 8)
            $0.append(UInt16(clamping: channelCount))
            $0.append(UInt16(16))  // samplesize
            $0.append(zeros: 4)
            // A rate that 16 bits do not hold is left to the configuration.
            $0.append(UInt32(UInt16(exactly: sampleRate) ?? 0) << 16)
            configuration(&$0)
        }
        return try? SampleEntry(boxBytes: writer.bytes, kind: .audio)
    }

    /// `mp4a` for an AudioSpecificConfig.
    static func aac(_ specific: [UInt8]) -> SampleEntry? {
        guard (2...maximumConfiguration).contains(specific.count) else { return nil }
        func made(_ channelCount: Int, _ sampleRate: UInt32) -> SampleEntry? {
            entry("mp4a", channelCount: channelCount, sampleRate: sampleRate) {
                writeDescriptor(objectType: 0x40, specific, to: &$0)
            }
        }
        // What the entry's own fields must say is what its configuration says.
        guard let first = made(2, 0), let audio = first.audio else { return nil }
        return made(audio.channelCount, audio.sampleRate)
    }

    /// Descriptors with a size of one byte.
    private static let maximumConfiguration = 80

    /// `esds`. ISO/IEC 14496-1 §7.2.6.5
    static func writeDescriptor(
        objectType: UInt8,
        _ specific: [UInt8],
        to writer: inout BoxWriter
    ) {
        let specificSize = specific.isEmpty ? 0 : specific.count + 2
        writer.fullBox("esds") {
            $0.append(contentsOf: [0x03, UInt8(3 + 2 + 13 + specificSize + 3), 0, 0, 0])
            $0.append(contentsOf: [0x04, UInt8(13 + specificSize), objectType, 0x15, 0, 0, 0])
            $0.append(zeros: 8)  // maxBitrate, avgBitrate
            if !specific.isEmpty {
                $0.append(contentsOf: [0x05, UInt8(specific.count)] + specific)
            }
            $0.append(contentsOf: [0x06, 1, 0x02])
        }
    }

    /// `fLaC` for the metadata blocks of a stream, its marker in front of them or not.
    ///
    /// Encapsulation of FLAC in ISO Base Media File Format §3.3.2; RFC 9639 §8
    static func flac(_ bytes: [UInt8]) -> SampleEntry? {
        let blocks = bytes.starts(with: [0x66, 0x4C, 0x61, 0x43]) ? bytes.dropFirst(4) : bytes[...]
        // STREAMINFO, the first block, is all that a decoder needs.
        let info = Array(blocks.prefix(4 + 34))
        guard info.count == 38, info[0] & 0x7F == 0, info[3] == 34 else { return nil }
        func made(_ audio: AudioProperties) -> SampleEntry? {
            entry("fLaC", channelCount: audio.channelCount, sampleRate: audio.sampleRate) {
                $0.fullBox("dfLa") {
                    $0.append(UInt8(0x80))
                    $0.append(contentsOf: Array(info[1...]))
                }
            }
        }
        guard let audio = made(AudioProperties(channelCount: 2, sampleRate: 0))?.audio else {
            return nil
        }
        return made(audio)
    }
}

/// Length of a FLAC frame. RFC 9639 §9.1
enum FLACFrame {
    /// Its samples; nil where it is none.
    static func samples(_ body: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.count >= 6 else { return nil }
        let start = range.lowerBound
        guard body[start] == 0xFF, body[start + 1] & 0xFE == 0xF8 else { return nil }
        switch body[start + 2] >> 4 {
        case 1: return 192
        case 2...5: return 576 << (Int(body[start + 2] >> 4) - 2)
        case 8...15: return 256 << (Int(body[start + 2] >> 4) - 8)
        case 0: return nil
        case let code:
            // Behind the frame's number, which is as long as its first byte says.
            let ones = (~body[start + 4]).leadingZeroBitCount
            let place = start + 4 + max(1, ones)
            guard place + 1 < range.upperBound else { return nil }
            let first = Int(body[place])
            return code == 6 ? first + 1 : (first << 8 | Int(body[place + 1])) + 1
        }
    }
}
