/// Reading and writing what stands before a token's code.
extension AccessToken {
    /// - Parameter bytes: a token without its code.
    /// - Throws: `AccessTokenError.malformed`.
    init(bytes: Span<UInt8>) throws(AccessTokenError) {
        guard bytes.count >= 8, bytes[0] & 0xF0 == Self.format, bytes[0] & 0x0F & ~Flag.all == 0
        else { throw .malformed }
        let flags = bytes[0] & Flag.all
        keyID = bytes[1]
        expiresAt = (2...5).reduce(0) { $0 << 8 | UInt32(bytes[$1]) }
        prefixSegments = bytes[6]
        prefixCheck = bytes[7]
        guard Int(prefixSegments) <= AccessLimits.prefixSegments else { throw .malformed }
        var offset = 8
        if flags & (Flag.ipv4 | Flag.ipv6) != 0 {
            guard offset + 2 <= bytes.count else { throw .malformed }
            network = try Self.network(flags: flags, prefixLength: Int(bytes[offset]))
            networkCheck = bytes[offset + 1]
            offset += 2
        }
        if flags & Flag.viewer != 0 {
            guard offset < bytes.count else { throw .malformed }
            let range = offset + 1..<offset + 1 + Int(bytes[offset])
            guard range.upperBound <= bytes.count else { throw .malformed }
            let id = range.map { bytes[$0] }
            guard Self.isViewer(id) else { throw .malformed }
            viewer = String(decoding: id, as: UTF8.self)
            offset = range.upperBound
        }
        guard offset == bytes.count else { throw .malformed }
    }

    private static func network(
        flags: UInt8,
        prefixLength: Int
    ) throws(AccessTokenError) -> Network {
        switch flags & (Flag.ipv4 | Flag.ipv6) {
        case Flag.ipv4 where (1...32).contains(prefixLength): .ipv4(prefixLength: prefixLength)
        case Flag.ipv6 where (1...128).contains(prefixLength): .ipv6(prefixLength: prefixLength)
        default: throw .malformed
        }
    }

    /// The token's bytes without its code.
    var bytes: [UInt8] {
        var flags: UInt8 = viewer == nil ? 0 : Flag.viewer
        var networkBytes: [UInt8] = []
        switch network {
        case .ipv4(let length):
            flags |= Flag.ipv4
            networkBytes = [UInt8(length), networkCheck]
        case .ipv6(let length):
            flags |= Flag.ipv6
            networkBytes = [UInt8(length), networkCheck]
        case nil: break
        }
        var bytes = [Self.format | flags, keyID]
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: expiresAt >> (24 - 8 * UInt32($0))) }
        bytes += [prefixSegments, prefixCheck] + networkBytes
        if let viewer { bytes += [UInt8(viewer.utf8.count)] + Array(viewer.utf8) }
        return bytes
    }
}
