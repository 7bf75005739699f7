/// Reads a JSON object whose values are all texts; nil for anything else. RFC 8259
enum FlatJSON {
    static func parse(_ bytes: [UInt8]) -> [String: String]? {
        var reader = Reader(bytes: bytes)
        return reader.object()
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        mutating func object() -> [String: String]? {
            guard take("{") else { return nil }
            var result: [String: String] = [:]
            if !take("}") {
                repeat {
                    guard let name = text(), take(":"), let value = text() else { return nil }
                    result[name] = value
                } while take(",")
                guard take("}") else { return nil }
            }
            skipBlanks()
            return index == bytes.count ? result : nil
        }

        private mutating func skipBlanks() {
            while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) {
                index += 1
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        private mutating func text() -> String? {
            guard take("\"") else { return nil }
            var content: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = escape() else { return nil }
                    content += escaped
                case 0..<0x20: return nil
                default: content.append(byte)
                }
            }
            return nil
        }

        private mutating func escape() -> [UInt8]? {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
            case UInt8(ascii: "b"): return [0x08]
            case UInt8(ascii: "f"): return [0x0C]
            case UInt8(ascii: "n"): return [0x0A]
            case UInt8(ascii: "r"): return [0x0D]
            case UInt8(ascii: "t"): return [0x09]
            case UInt8(ascii: "u"):
                // Ids and addresses are ASCII: surrogates are not put together.
                guard index + 4 <= bytes.count,
                    let digits = String(validating: bytes[index..<index + 4], as: UTF8.self),
                    let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
                else { return nil }
                index += 4
                return Array(String(Character(scalar)).utf8)
            default: return nil
            }
        }
    }
}
