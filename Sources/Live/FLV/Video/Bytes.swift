// Unsafe on purpose: a span's bytes are opened for one copy of all of them.

/// What is done with a message's bytes as a block.
enum Bytes {
    /// A copy, in one allocation.
    static func copy(_ body: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        unsafe body.extracting(range).withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }

    static func append(_ body: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) {
        unsafe body.extracting(range).withUnsafeBufferPointer {
            unsafe bytes.append(contentsOf: $0)
        }
    }

    static func equal(_ bytes: [UInt8], _ body: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard bytes.count == range.count else { return false }
        for index in bytes.indices where bytes[index] != body[range.lowerBound + index] {
            return false
        }
        return true
    }
}
