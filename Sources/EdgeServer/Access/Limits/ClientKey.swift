import Platform

extension IPAddress {
    /// What counts as one client: an IPv4 address, or the network that a household or host has.
    var client: IPAddress {
        isIPv4 ? self : masked(to: AccessLimits.clientPrefixLengthIPv6)
    }

    /// The client as a key of tables: a hash with the process' own seed, so that nobody can choose
    /// addresses that meet in one place.
    var clientKey: UInt64 {
        var hasher = Hasher()
        hasher.combine(client)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
