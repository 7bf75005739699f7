/// The name of one publish in the addresses of its media: what cannot be guessed cannot be fetched
/// before a playlist tells it.
package enum PublishToken {
    /// 128 bits as URL-safe base64: 22 characters. RFC 4648 §5
    private static let bitCount = 128
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// A new one, from the system's random numbers unless a test brings others.
    package static func make(
        using random: inout some RandomNumberGenerator
    ) -> String {
        var (high, low) = (random.next() as UInt64, random.next() as UInt64)
        var text: [UInt8] = []
        for _ in 0..<(bitCount + 5) / 6 {
            text.append(alphabet[Int(low & 63)])
            low = low >> 6 | high << 58
            high >>= 6
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return make(using: &random)
    }
}
