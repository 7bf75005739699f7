import Segmenting

/// What a data message says.
enum DataMessage: Hashable, Sendable {
    case metadata(StreamMetadata)
    case event(LiveEvent.Payload)

    /// Reads a message; nil where it says nothing of use or is no AMF0.
    init?(_ bytes: [UInt8]) {
        // An AMF3 data message has a byte more in front.
        var reader = AMF0Reader(bytes.first == 0 ? Array(bytes.dropFirst()) : bytes)
        reader.allowsMissingEnd = true
        guard var name = (try? reader.next())?.string else { return nil }
        if name == "@setDataFrame" {
            guard let inner = (try? reader.next())?.string else { return nil }
            name = inner
        }
        var values: [AMF0Value] = []
        while !reader.isAtEnd, let value = try? reader.next() { values.append(value) }
        switch name.lowercased() {
        case "onmetadata":
            guard let object = values.first else { return nil }
            self = .metadata(StreamMetadata(object))
        case "ontextdata", "oncaption", "oncaptioninfo":
            guard let text = Self.text(values) else { return nil }
            self = .event(.text(text))
        case "oncuepoint", "scte35", "onscte35", "onid3", "id3", "onuserdataevent", "onuserdata":
            guard let payload = Self.cue(values) else { return nil }
            self = .event(payload)
        default:
            return nil
        }
    }

    /// `text` of an object, or a string by itself.
    private static func text(_ values: [AMF0Value]) -> String? {
        for value in values {
            if let text = value["text"]?.string ?? value.string, !text.isEmpty { return text }
        }
        return nil
    }

    /// A splice_info_section or an ID3 tag in Base64 or hexadecimal anywhere in the message, else
    /// the cue point's name.
    private static func cue(_ values: [AMF0Value]) -> LiveEvent.Payload? {
        for value in values {
            for text in strings(in: value) {
                guard let bytes = binary(text) else { continue }
                // table_id, and section_length to hold a CRC: ANSI/SCTE 35 §9.6
                if bytes.first == 0xFC, isSection(bytes) { return .spliceInfo(bytes) }
                if bytes.starts(with: [0x49, 0x44, 0x33]), bytes.count >= 10 { return .id3(bytes) }
            }
        }
        for value in values {
            if let name = value["name"]?.string, !name.isEmpty { return .text(name) }
        }
        return text(values).map { .text($0) }
    }

    private static func isSection(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 15 else { return false }
        return bytes.count == 3 + (Int(bytes[1] & 0x0F) << 8 | Int(bytes[2]))
    }

    private static func strings(in value: AMF0Value) -> [String] {
        switch value {
        case .string(let text): [text]
        default:
            value.properties.flatMap { strings(in: $0.value) }
                + value.elements.flatMap { strings(in: $0) }
        }
    }

    private static func binary(_ text: String) -> [UInt8]? {
        if text.hasPrefix("0x") || text.hasPrefix("0X") || text.hasPrefix("FC") {
            let digits = text.hasPrefix("FC") ? text[...] : text.dropFirst(2)
            let values = digits.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if values.count == digits.utf8.count, values.count.isMultiple(of: 2) {
                return stride(from: 0, to: values.count, by: 2).map {
                    UInt8(values[$0] << 4 | values[$0 + 1])
                }
            }
        }
        return Base64.bytes(text)
    }
}
