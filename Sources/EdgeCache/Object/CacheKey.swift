/// What an object is kept under: the normalised address, and nothing of who asks.
///
/// Made by `EdgeServer`; the tiers only compare it. Two requests have the same key exactly when one
/// answer serves both.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// The path as the origin knows it, and `?` with the known query parameters in order of their
    /// names where there are any; `#` and a number behind it for a slice of a large object.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}
