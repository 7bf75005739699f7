import Platform
import Testing

/// Writes small country databases. MaxMind DB format 2.0
struct DatabaseWriter {
    indirect enum Value {
        case text(String)
        case map([(String, Value)])
        case array([Value])
        case unsigned16(UInt16)
        case unsigned32(UInt32)
        case unsigned64(UInt64)
        case double
        case boolean(Bool)
        case pointer(Int)
        case raw([UInt8])
    }

    enum Record: Hashable {
        case node(Int)
        case nothing
        case data(Int)
    }

    var recordSizeBits = 24
    var isIPv6 = true
    var format: UInt16 = 2
    private var nodes: [[Record]] = [[.nothing, .nothing]]
    private(set) var data: [UInt8] = []

    /// A database of IPv6 that holds these networks.
    static func database(_ networks: [String: String], recordSizeBits: Int = 24) throws -> [UInt8] {
        var writer = DatabaseWriter()
        writer.recordSizeBits = recordSizeBits
        let blocks = try networks.map { (try #require(NetworkBlock($0.key)), $0.value) }
        // Networks inside of others after them.
        for (block, country) in blocks.sorted(by: { $0.0.prefixLength < $1.0.prefixLength }) {
            writer.insert(block, writer.append(country: country))
        }
        return writer.bytes()
    }

    /// Adds a value to the data section.
    mutating func append(_ value: Value) -> Int {
        defer { data += Self.encode(value) }
        return data.count
    }

    /// What such databases say of a country, in the order in which they say it.
    mutating func append(country: String, under key: String = "country") -> Int {
        append(
            .map([
                (
                    "continent",
                    .map([("code", .text("EU")), ("geoname_id", .unsigned32(6_255_148))])
                ),
                (
                    key,
                    .map([
                        ("geoname_id", .unsigned32(2_921_044)),
                        ("is_in_european_union", .boolean(true)),
                        ("iso_code", .text(country)),
                        ("names", .map([("en", .text(String(repeating: "n", count: 40)))])),
                    ])
                ),
                ("location", .map([("latitude", .double), ("more", .array([.double, .double]))])),
            ])
        )
    }

    mutating func insert(_ network: String, _ offset: Int) throws {
        insert(try #require(NetworkBlock(network)), offset)
    }

    private mutating func insert(_ block: NetworkBlock, _ offset: Int) {
        var bits: [Bool] = []
        if block.base.isIPv4 {
            if isIPv6 { bits += [Bool](repeating: false, count: 96) }
            bits += (0..<32).map { block.base.low >> (31 - UInt64($0)) & 1 == 1 }
        } else {
            bits += (0..<64).map { block.base.high >> (63 - UInt64($0)) & 1 == 1 }
            bits += (0..<64).map { block.base.low >> (63 - UInt64($0)) & 1 == 1 }
        }
        bits.removeLast(block.base.bitCount - block.prefixLength)
        var node = 0
        for bit in bits.dropLast() {
            let side = bit ? 1 : 0
            if case .node(let next) = nodes[node][side] {
                node = next
                continue
            }
            // What held the whole network goes on to hold both halves.
            nodes.append([nodes[node][side], nodes[node][side]])
            nodes[node][side] = .node(nodes.count - 1)
            node = nodes.count - 1
        }
        nodes[node][bits.last == true ? 1 : 0] = .data(offset)
    }

    /// Puts a record where no network would.
    mutating func set(node: Int, isRight: Bool, _ record: Record) {
        nodes[node][isRight ? 1 : 0] = record
    }

    func bytes(metadata: [(String, Value)]? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        for node in nodes {
            let left = raw(node[0])
            let right = raw(node[1])
            switch recordSizeBits {
            case 28:
                bytes += Self.bigEndian(left & 0xFF_FFFF, 3)
                bytes.append(UInt8(left >> 24) << 4 | UInt8(right >> 24))
                bytes += Self.bigEndian(right & 0xFF_FFFF, 3)
            default:
                bytes += Self.bigEndian(left, recordSizeBits / 8)
                bytes += Self.bigEndian(right, recordSizeBits / 8)
            }
        }
        bytes += [UInt8](repeating: 0, count: 16) + data
        bytes += [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        return bytes + Self.encode(.map(metadata ?? defaultMetadata))
    }

    var defaultMetadata: [(String, Value)] {
        [
            ("binary_format_major_version", .unsigned16(format)),
            ("binary_format_minor_version", .unsigned16(0)),
            ("build_epoch", .unsigned64(1_700_000_000)),
            ("database_type", .text("Test-Country")),
            ("description", .map([("en", .text("made by a test"))])),
            ("ip_version", .unsigned16(isIPv6 ? 6 : 4)),
            ("languages", .array([.text("en")])),
            ("node_count", .unsigned32(UInt32(nodes.count))),
            ("record_size", .unsigned16(UInt16(recordSizeBits))),
        ]
    }

    private func raw(_ record: Record) -> UInt64 {
        switch record {
        case .node(let index): UInt64(index)
        case .nothing: UInt64(nodes.count)
        case .data(let offset): UInt64(nodes.count + 16 + offset)
        }
    }

    static func encode(_ value: Value) -> [UInt8] {
        switch value {
        case .text(let text): return control(2, text.utf8.count) + Array(text.utf8)
        case .map(let entries):
            return control(7, entries.count)
                + entries.flatMap { encode(.text($0.0)) + encode($0.1) }
        case .array(let values): return control(11, values.count) + values.flatMap(encode)
        case .unsigned16(let number): return control(5, 2) + bigEndian(UInt64(number), 2)
        case .unsigned32(let number): return control(6, 4) + bigEndian(UInt64(number), 4)
        case .unsigned64(let number): return control(9, 8) + bigEndian(number, 8)
        case .double: return control(3, 8) + bigEndian(0x4049_0FDB_0000_0000, 8)
        case .boolean(let isTrue): return control(14, isTrue ? 1 : 0)
        case .pointer(let offset): return pointer(offset)
        case .raw(let bytes): return bytes
        }
    }

    private static func control(_ type: Int, _ size: Int) -> [UInt8] {
        let bases = [29, 285, 65_821]
        let form = size < 29 ? 0 : size < 285 ? 1 : size < 65_821 ? 2 : 3
        let low = form == 0 ? size : 28 + form
        let rest = form == 0 ? [] : bigEndian(UInt64(size - bases[form - 1]), form)
        return (type <= 7 ? [UInt8(type << 5 | low)] : [UInt8(low), UInt8(type - 7)]) + rest
    }

    private static func pointer(_ offset: Int) -> [UInt8] {
        switch offset {
        case ..<2048: [0x20 | UInt8(offset >> 8), UInt8(offset & 0xFF)]
        case ..<526_336:
            [0x28 | UInt8((offset - 2048) >> 16)] + bigEndian(UInt64((offset - 2048) & 0xFFFF), 2)
        case ..<134_744_064:
            [0x30 | UInt8((offset - 526_336) >> 24)]
                + bigEndian(UInt64((offset - 526_336) & 0xFF_FFFF), 3)
        default: [0x38] + bigEndian(UInt64(offset), 4)
        }
    }

    private static func bigEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
}
