package import Platform

/// Tells the country of an address by a database in MaxMind's format 2.0 (`.mmdb`).
///
/// The whole of it is checked when it is opened, and only the tree and the countries are kept. So a
/// look-up cannot fail, and the file may be replaced at any time; the new one counts from a reload on.
package struct GeoDatabase: Sendable {
    private let tree: GeoTree
    /// By the offset of the data that the tree leads to.
    private let countries: [Int: CountryCode]

    /// Reads a database; takes time in proportion to its size, so not for event loops.
    ///
    /// - Throws: `GeoDatabaseError`.
    package init(bytes: [UInt8]) throws(GeoDatabaseError) {
        guard bytes.count <= AccessLimits.databaseSizeBytes else {
            throw .tooLarge(sizeBytes: bytes.count)
        }
        let metadata = try GeoMetadata(bytes: bytes)
        let treeSizeBytes = GeoTree.sizeBytes(
            nodeCount: metadata.nodeCount,
            recordSizeBits: metadata.recordSizeBits
        )
        let dataStart = treeSizeBytes + GeoTree.separatorSizeBytes
        guard dataStart <= metadata.offsetBytes,
            bytes[treeSizeBytes..<dataStart].allSatisfy({ $0 == 0 })
        else { throw .badTree }
        let tree = GeoTree(
            bytes: Array(bytes[..<treeSizeBytes]),
            nodeCount: metadata.nodeCount,
            recordSizeBits: metadata.recordSizeBits,
            isIPv6: metadata.isIPv6
        )
        countries = try Self.countries(tree, data: bytes[dataStart..<metadata.offsetBytes])
        self.tree = tree
    }

    /// The country of an address; nil where the database knows none.
    package func country(of address: IPAddress) -> CountryCode? {
        tree.data(of: address).flatMap { countries[$0] }
    }

    /// Distinct pieces of data that name a country.
    package var count: Int { countries.count }

    /// The countries of all data that the tree leads to.
    private static func countries(
        _ tree: GeoTree,
        data: ArraySlice<UInt8>
    ) throws(GeoDatabaseError) -> [Int: CountryCode] {
        var values = GeoValues(data)
        var countries: [Int: CountryCode] = [:]
        var seen: Set<Int> = []
        for node in 0..<tree.nodeCount {
            for isRight in [false, true] {
                guard case .data(let offset) = tree.record(node, isRight: isRight) else { continue }
                guard data.indices.contains(data.startIndex + offset), offset >= 0 else {
                    throw .badTree
                }
                guard seen.insert(offset).inserted else { continue }
                countries[offset] = try country(at: offset, &values)
            }
        }
        return countries
    }

    /// Where the address is used, else where it is registered.
    private static func country(
        at offset: Int,
        _ values: inout GeoValues
    ) throws(GeoDatabaseError) -> CountryCode? {
        for name in ["country", "registered_country"] {
            guard let country = try values.member(name, ofMapAt: offset),
                let code = try values.member("iso_code", ofMapAt: country)
            else { continue }
            let text = try values.text(at: code)
            guard let country = CountryCode(bytes: text) else { throw .badValue(offsetBytes: code) }
            return country
        }
        return nil
    }
}
