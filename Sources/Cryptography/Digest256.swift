/// 32 bytes that came out of SHA-256 or HMAC-SHA-256.
package struct Digest256: Sendable {
    package static let sizeBytes = 32

    package var bytes: InlineArray<32, UInt8>

    package init() {
        bytes = InlineArray(repeating: 0)
    }
}
