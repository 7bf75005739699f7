/// A network: all addresses that share their first bits with it. RFC 4632 §3.1
package struct NetworkBlock: Hashable, Sendable {
    /// With the bits behind the prefix cleared.
    package let base: IPAddress
    /// Bits, in `0...32` or `0...128`.
    package let prefixLength: Int

    package init(base: IPAddress, prefixLength: Int) {
        self.base = base.masked(to: prefixLength)
        self.prefixLength = prefixLength
    }

    /// Reads `192.0.2.0/24`, `2001:db8::/32`, or a single address.
    ///
    /// Bits behind the prefix must be zero: who writes others means something else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        var length = address.bitCount
        if parts.count == 2 {
            // A sign would pass the conversion.
            guard parts[1].allSatisfy(\.isWholeNumber), let number = UInt8(parts[1]),
                Int(number) <= address.bitCount
            else { return nil }
            length = Int(number)
        }
        self.init(base: address, prefixLength: length)
        guard base == address else { return nil }
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == base.isIPv4 && address.masked(to: prefixLength) == base
    }
}
