/// An IPv4 or IPv6 address, as its bits.
///
/// An IPv4 address that is mapped into IPv6 (`::ffff:192.0.2.1`), as a socket of both families
/// reports it, is the IPv4 address. RFC 4291 §2.5.5.2
package struct IPAddress: Hashable, Sendable {
    package let isIPv4: Bool
    /// The first and the last eight bytes in network order; those of IPv4 are the last 32 bits.
    package let high: UInt64
    package let low: UInt64

    package init(ipv4 bits: UInt32) {
        isIPv4 = true
        high = 0
        low = UInt64(bits)
    }

    package init(high: UInt64, low: UInt64) {
        if high == 0, low >> 32 == 0xFFFF {
            self.init(ipv4: UInt32(truncatingIfNeeded: low))
        } else {
            self.init(isIPv4: false, high: high, low: low)
        }
    }

    package var bytes: (UInt64, UInt64) { (high, low) }

    /// 32 or 128.
    package var bitCount: Int { isIPv4 ? 32 : 128 }

    /// The address with all bits behind the first `prefixLength` cleared.
    ///
    /// - Precondition: `prefixLength` is in `0...bitCount`.
    package func masked(to prefixLength: Int) -> IPAddress {
        precondition((0...bitCount).contains(prefixLength))
        if isIPv4 {
            let mask = ~UInt64(0) << UInt64(32 - prefixLength)
            return IPAddress(ipv4: UInt32(truncatingIfNeeded: low & mask))
        }
        let highMask: UInt64 = prefixLength >= 64 ? ~0 : ~(~UInt64(0) >> UInt64(prefixLength))
        let lowMask: UInt64 = prefixLength <= 64 ? 0 : ~(~UInt64(0) >> UInt64(prefixLength - 64))
        return IPAddress(isIPv4: false, high: high & highMask, low: low & lowMask)
    }

    /// As it is: `init(high:low:)` would take a masked `::ffff:0:0` for IPv4.
    private init(isIPv4: Bool, high: UInt64, low: UInt64) {
        self.isIPv4 = isIPv4
        self.high = high
        self.low = low
    }
}
