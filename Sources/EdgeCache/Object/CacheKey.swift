/// What an object is kept under: the normalised address, and nothing of who asks.
///
/// Made by `EdgeServer`; the tiers only compare it. Two requests have the same key exactly when one
/// answer serves both. Compared by its bytes: texts that are equal to Unicode only are two keys, as
/// they are two addresses to an origin.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// The path as the origin knows it, and `?` with the known query parameters in order of their
    /// names where there are any; `#` and a number behind it for a slice of a large object.
    package let text: String
    /// Of the text's bytes, with this process's seed: nobody outside can aim at a value.
    ///
    /// Taken once, because each tier and table on a request's way needs it.
    package let hash: Int

    package init(_ text: String) {
        var text = text
        var hasher = Hasher()
        text.withUTF8 { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        self.hash = hasher.finalize()
        self.text = text
    }

    package static func == (one: CacheKey, other: CacheKey) -> Bool {
        one.hash == other.hash && one.text == other.text
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }

    package var description: String { text }
}
