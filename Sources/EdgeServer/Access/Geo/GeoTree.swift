import Platform

/// The binary tree of a database, walked bit by bit.
///
/// MaxMind DB format 2.0, "Binary Search Tree Section"
struct GeoTree: Sendable {
    /// A record's value.
    enum Record: Hashable {
        case node(Int)
        case nothing
        /// By its offset in the data section.
        case data(Int)
    }

    /// Zero bytes between the tree and the data; records count them.
    static let separatorSizeBytes = 16

    let nodeCount: Int
    private let bytes: [UInt8]
    /// 24, 28 or 32.
    private let recordSizeBits: Int
    private let isIPv6: Bool
    /// Where IPv4 begins: behind 96 zero bits in a tree of IPv6.
    private var ipv4Start = Record.node(0)

    static func sizeBytes(nodeCount: Int, recordSizeBits: Int) -> Int {
        nodeCount * recordSizeBits / 4
    }

    /// - Precondition: `bytes` has the size of so many nodes.
    init(bytes: [UInt8], nodeCount: Int, recordSizeBits: Int, isIPv6: Bool) {
        precondition(
            bytes.count == Self.sizeBytes(nodeCount: nodeCount, recordSizeBits: recordSizeBits)
        )
        self.bytes = bytes
        self.nodeCount = nodeCount
        self.recordSizeBits = recordSizeBits
        self.isIPv6 = isIPv6
        if isIPv6 { ipv4Start = walk(from: .node(0), bits: 0, count: 64) }
        if isIPv6 { ipv4Start = walk(from: ipv4Start, bits: 0, count: 32) }
    }

    /// The data of the longest network that holds an address.
    func data(of address: IPAddress) -> Int? {
        let record: Record
        if address.isIPv4 {
            record = walk(from: ipv4Start, bits: address.low << 32, count: 32)
        } else if isIPv6 {
            let high = walk(from: .node(0), bits: address.high, count: 64)
            record = walk(from: high, bits: address.low, count: 64)
        } else {
            return nil
        }
        guard case .data(let offset) = record else { return nil }
        return offset
    }

    /// Follows the first `count` of `bits`, the highest first.
    private func walk(from start: Record, bits: UInt64, count: Int) -> Record {
        var record = start
        var bits = bits
        for _ in 0..<count {
            guard case .node(let node) = record else { return record }
            record = self.record(node, isRight: bits >> 63 == 1)
            bits <<= 1
        }
        return record
    }

    func record(_ node: Int, isRight: Bool) -> Record {
        let value = Int(rawValue(node, isRight: isRight))
        if value < nodeCount { return .node(value) }
        return value == nodeCount ? .nothing : .data(value - nodeCount - Self.separatorSizeBytes)
    }

    private func rawValue(_ node: Int, isRight: Bool) -> UInt32 {
        let start = node * recordSizeBits / 4
        switch recordSizeBits {
        case 24: return bigEndian(start + (isRight ? 3 : 0), 3)
        case 32: return bigEndian(start + (isRight ? 4 : 0), 4)
        default:
            // The middle byte has the upper bits of both: left, right.
            let middle = UInt32(bytes[start + 3])
            return isRight
                ? (middle & 0x0F) << 24 | bigEndian(start + 4, 3)
                : (middle >> 4) << 24 | bigEndian(start, 3)
        }
    }

    private func bigEndian(_ start: Int, _ count: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + count { value = value << 8 | UInt32(bytes[index]) }
        return value
    }
}
