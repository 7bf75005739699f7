import TestSupport

/// Bodies that cannot be mistaken for each other.
enum Bytes {
    /// The same bytes for the same name and size, and no others.
    static func of(_ name: String, count: Int) -> [UInt8] {
        var random = SplitMix(
            state: name.utf8.reduce(14_695_981_039_346_656_037) { hash, byte in
                (hash ^ UInt64(byte)) &* 1_099_511_628_211
            }
        )
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = random.next()
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return Array(bytes.prefix(count))
    }
}
