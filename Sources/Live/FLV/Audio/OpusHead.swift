import ISOBMFF

/// An Opus stream's identification header, and the length of its packets. RFC 7845 §5.1
struct OpusHead {
    /// `dOps` as it stands in the entry.
    private let box: [UInt8]

    private static let longestPacket = 5760

    /// nil where the bytes are no such header.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: "OpusHead".utf8), bytes.count >= 19, bytes[8] >> 4 == 0,
            bytes[9] > 0
        else { return nil }
        var box: [UInt8] = [0, bytes[9], bytes[11], bytes[10]]
        box += bytes[12..<16].reversed()
        box += [bytes[17], bytes[16], bytes[18]]
        if bytes[18] != 0 {
            let table = bytes[19...].prefix(2 + Int(bytes[9]))
            guard table.count == 2 + Int(bytes[9]) else { return nil }
            box += table
        }
        self.box = box
    }

    /// What a stream without a header has, by a packet's first byte.
    init(packet first: UInt8) {
        let channels: UInt8 = first & 0x04 != 0 ? 2 : 1
        box = [0, channels, 0, 0, 0, 0, 0xBB, 0x80, 0, 0, 0]
    }

    var entry: SampleEntry? {
        SoundEntry.entry("Opus", channelCount: Int(box[1]), sampleRate: 48_000) {
            $0.box("dOps") { $0.append(contentsOf: box) }
        }
    }

    /// Samples of a packet at 48 kHz; nil where it is none. RFC 6716 §3.1
    static func samples(_ body: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        let first = body[range.lowerBound]
        let configuration = Int(first >> 3)
        let frame =
            switch configuration {
            case 0..<12: [480, 960, 1920, 2880][configuration % 4]
            case 12..<16: [480, 960][configuration % 2]
            default: 120 << (configuration % 4)
            }
        var count = 1
        switch first & 3 {
        case 0: break
        case 1, 2: count = 2
        default:
            guard range.count > 1 else { return nil }
            count = Int(body[range.lowerBound + 1] & 0x3F)
        }
        return (1...longestPacket).contains(frame * count) ? frame * count : nil
    }
}
