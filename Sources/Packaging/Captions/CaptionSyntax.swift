import ISOBMFF

/// Where captions stand in the samples of a codec.
enum CaptionSyntax: Hashable {
    /// SEI messages in front of a picture's slices. ISO/IEC 14496-10 §D.1.6
    case avc(lengthSize: Int)
    /// The same. ISO/IEC 23008-2 §D.2.6
    case hevc(lengthSize: Int)
    /// Metadata units. AV1 Bitstream §5.8.2
    case av1
    /// Nowhere.
    case none

    init?(_ codec: Codec) {
        switch codec {
        case .avc(let configuration): self = .avc(lengthSize: configuration.lengthSize)
        case .hevc(let configuration): self = .hevc(lengthSize: configuration.lengthSize)
        case .av1: self = .av1
        case .vp9: self = .none
        default: return nil
        }
    }

    /// Whether the head of a sample, which may be cut anywhere, has captions.
    func hasCaptions(_ head: [UInt8]) -> Bool {
        switch self {
        case .avc(let lengthSize):
            Self.messages(head, lengthSize) { unit in
                switch unit[unit.startIndex] & 0x1F {
                case 6: .messages(headerSize: 1)
                case 1...5: .picture
                default: .other
                }
            }
        case .hevc(let lengthSize):
            Self.messages(head, lengthSize) { unit in
                switch unit[unit.startIndex] >> 1 & 0x3F {
                case 39: .messages(headerSize: 2)
                case 0...31: .picture
                default: .other
                }
            }
        case .av1: Self.metadata(head)
        case .none: false
        }
    }
}

// MARK: NAL units

extension CaptionSyntax {
    private enum Unit {
        case messages(headerSize: Int)
        /// A slice: no caption stands behind it.
        case picture
        case other
    }

    private static func messages(
        _ head: [UInt8],
        _ lengthSize: Int,
        _ kind: (ArraySlice<UInt8>) -> Unit
    ) -> Bool {
        var rest = head[...]
        while rest.count > lengthSize {
            let size = rest.prefix(lengthSize).reduce(0) { $0 << 8 | Int($1) }
            let unit = rest.dropFirst(lengthSize).prefix(size)
            rest = rest.dropFirst(lengthSize + unit.count)
            guard !unit.isEmpty else { continue }
            switch kind(unit) {
            case .messages(let headerSize):
                if haveCaptions(unescaped(unit.dropFirst(headerSize))) { return true }
            case .picture: return false
            case .other: break
            }
        }
        return false
    }

    /// A unit's bytes without those that keep start codes out. ISO/IEC 14496-10 §7.4.1
    private static func unescaped(_ unit: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        return bytes
    }

    /// Walks SEI messages. ISO/IEC 14496-10 §7.3.2.3.1
    private static func haveCaptions(_ messages: [UInt8]) -> Bool {
        var rest = messages[...]
        func number() -> Int? {
            var value = 0
            while let byte = rest.popFirst() {
                value += Int(byte)
                if byte != 0xFF { return value }
            }
            return nil
        }
        while rest.count > 2, let type = number(), let size = number() {
            if type == 4, isCaptions(rest.prefix(size)) { return true }
            rest = rest.dropFirst(size)
        }
        return false
    }
}

// MARK: AV1

extension CaptionSyntax {
    /// Walks open bitstream units up to the first picture. AV1 Bitstream §5.3
    private static func metadata(_ head: [UInt8]) -> Bool {
        var rest = head[...]
        while let header = rest.popFirst() {
            if header & 0x04 != 0 { rest = rest.dropFirst() }
            var size = rest.count
            if header & 0x02 != 0 {
                guard let given = leb128(&rest) else { return false }
                size = given
            }
            var unit = rest.prefix(size)
            rest = rest.dropFirst(size)
            switch header >> 3 & 0x0F {
            case 5:
                // metadata_type 4 is ITU-T T.35.
                if leb128(&unit) == 4, isCaptions(unit) { return true }
            case 3, 4, 6: return false
            default: break
            }
        }
        return false
    }

    /// A number in groups of seven bits; nil where it is cut or beyond 32 bits. §4.10.5
    private static func leb128(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 32, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}

// MARK: User data

extension CaptionSyntax {
    /// Country and provider, `GA94`, and the type of caption data. ANSI/SCTE 128-1 §8.1
    private static let captionsStart: [UInt8] = [0xB5, 0, 0x31, 0x47, 0x41, 0x39, 0x34, 3]

    /// Whether user data registered by ITU-T T.35 has a caption pair. CTA-708 §4.4
    private static func isCaptions(_ userData: ArraySlice<UInt8>) -> Bool {
        guard userData.starts(with: captionsStart),
            let flags = userData.dropFirst(captionsStart.count).first
        else { return false }
        return flags & 0x40 != 0 && flags & 0x1F > 0
    }
}
