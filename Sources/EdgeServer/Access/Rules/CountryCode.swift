/// A country's two letters. ISO 3166-1 alpha-2
package struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    private let letters: UInt16

    /// Reads `de` as `DE`.
    package init?(_ text: String) {
        self.init(bytes: text.utf8)
    }

    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 2 else { return nil }
        var letters: UInt16 = 0
        for byte in bytes {
            guard (byte | 0x20) &- UInt8(ascii: "a") < 26 else { return nil }
            letters = letters << 8 | UInt16(byte & ~0x20)
        }
        self.letters = letters
    }

    package var description: String {
        String(decoding: [UInt8(letters >> 8), UInt8(letters & 0xFF)], as: UTF8.self)
    }
}
