/// What a cache key is called in memcached: short, without spaces, the same on every machine.
///
/// A hash of the key, after the version of the format. Two keys with one name are told apart by
/// the key in the value. All slices of an object are placed by the first one's name, so that one
/// server has all of it or nothing.
package struct MemcachedKey: Sendable {
    /// The name of the first slice, which says how many there are.
    package let bytes: [UInt8]

    package init(_ key: CacheKey) {
        var text = key.text
        var hash = text.withUTF8 { unsafe FNV1a.hash(RawSpan(_unsafeBytes: .init($0))) }
        var bytes = Self.prefix
        bytes.reserveCapacity(Self.prefix.count + 32 + 5)
        for _ in 0..<32 {
            bytes.append(Self.digits[Int(truncatingIfNeeded: hash >> 124)])
            hash <<= 4
        }
        self.bytes = bytes
    }

    /// The name of a further slice.
    package func slice(_ index: Int) -> [UInt8] {
        index == 0 ? bytes : bytes + [UInt8(ascii: ".")] + Array(String(index).utf8)
    }

    private static let digits = Array("0123456789abcdef".utf8)
    /// Changes with the format, so that releases of both formats may share servers.
    private static let prefix = Array("millrace1:".utf8)
}
