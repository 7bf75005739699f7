package import Platform

/// Networks to look an address up in: one look-up for each length of prefix that occurs.
package struct NetworkSet: Sendable {
    private var bases: [Key: Set<IPAddress>] = [:]
    private var keys: [Key] = []

    private struct Key: Hashable {
        var isIPv4: Bool
        var prefixLength: Int
    }

    package init(_ blocks: [NetworkBlock] = []) {
        for block in blocks {
            let key = Key(isIPv4: block.base.isIPv4, prefixLength: block.prefixLength)
            bases[key, default: []].insert(block.base)
        }
        keys = Array(bases.keys)
    }

    package var isEmpty: Bool { keys.isEmpty }

    package func contains(_ address: IPAddress) -> Bool {
        keys.contains { key in
            key.isIPv4 == address.isIPv4
                && bases[key]?.contains(address.masked(to: key.prefixLength)) == true
        }
    }
}
