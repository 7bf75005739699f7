import Cryptography
import Platform

/// What a token's code is computed over: its own bytes and the network, then the path's prefix.
///
/// Of a fixed size, so that checking a token takes no memory.
struct SignedMessage {
    private var head = AccessLimits.SignedBytes(repeating: 0)
    private var count = 0

    init(token: Span<UInt8>, network: NetworkBlock?) {
        for index in token.indices { head[index] = token[index] }
        count = token.count
        guard let network else { return }
        let base = network.base
        if !base.isIPv4 { append(base.high, sizeBytes: 8) }
        append(base.low, sizeBytes: base.isIPv4 ? 4 : 8)
    }

    /// The last bytes of an integer in network order.
    private mutating func append(_ value: UInt64, sizeBytes: Int) {
        for index in 0..<sizeBytes {
            let shift = UInt64(8 * (sizeBytes - 1 - index))
            head[count] = UInt8(truncatingIfNeeded: value >> shift)
            count += 1
        }
    }

    /// The code; a token carries its first 16 bytes.
    func code(prefix: Span<UInt8>, key: AccessKey) -> Digest256 {
        key.code.code(of: head.span.extracting(0..<count), then: prefix)
    }

    /// The check byte of a network, which stands in the token.
    static func check(of network: NetworkBlock) -> UInt8 {
        let none: [UInt8] = []
        let message = SignedMessage(token: none.span, network: network)
        return check(of: message.head.span.extracting(0..<message.count))
    }

    /// The first byte of SHA-256; 0 where libcrypto has none, which costs the log its precision only.
    static func check(of bytes: Span<UInt8>) -> UInt8 {
        (try? SHA256.digest(of: bytes))?.bytes[0] ?? 0
    }
}
