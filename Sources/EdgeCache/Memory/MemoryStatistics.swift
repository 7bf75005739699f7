/// What a memory tier holds and has done since it was made.
package struct MemoryStatistics: Hashable, Sendable {
    package var objects = 0
    package var bytes = 0
    package var capacityBytes = 0
    package var hits: UInt64 = 0
    package var misses: UInt64 = 0
    /// Replacements included.
    package var insertions: UInt64 = 0
    /// Objects that made room for others; not what was removed or purged.
    package var evictions: UInt64 = 0
    /// Objects that were not taken in: too large, or large and asked for once only.
    package var refusals: UInt64 = 0
}
